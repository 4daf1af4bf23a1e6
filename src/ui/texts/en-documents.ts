// The words of documents, in English: the page, attaching, sources, and what can be wrong with a file.
import type { DocumentKind, TextEncoding } from '../../documents/document';

export const enDocuments = {
  documents: {
    title: 'Documents',
    lead: 'Add a file and ask about it. Files are read on this device and stay here; only their text is kept.',
    drop: 'Drop files here, or',
    choose: 'Choose files',
    kindsRead: 'PDF, Word, Excel, Markdown, HTML, CSV and plain text, up to 100 MB each',
    none: 'No documents yet.',
    reading: 'Looking for your documents…',
    list: 'Your documents',
    kinds: {
      text: 'Text',
      markdown: 'Markdown',
      html: 'Web page',
      csv: 'Table',
      docx: 'Word',
      pdf: 'PDF',
      xlsx: 'Excel',
    } satisfies Record<DocumentKind, string>,
    pages: (count: number, text: string) => (count === 1 ? '1 page' : `${text} pages`),
    sheets: (count: number, text: string) => (count === 1 ? '1 sheet' : `${text} sheets`),
    passages: (count: number, text: string) => (count === 1 ? '1 passage' : `${text} passages`),
    added: (date: string) => `added ${date}`,
    emptyPages: (count: number, text: string) =>
      count === 1
        ? 'One page holds no text. It may be a scan, which Phield cannot read.'
        : `${text} pages hold no text. They may be scans, which Phield cannot read.`,
    encodings: {
      'utf-8': '',
      'utf-16le': '',
      'utf-16be': '',
      'windows-1252':
        'The file does not say how its letters are encoded; it was read as Western European. If letters look wrong, save it as UTF-8 and add it again.',
    } satisfies Record<TextEncoding, string>,
    ask: 'Ask',
    askAbout: (name: string) => `Ask about ${name}`,
    remove: 'Delete',
    removeNamed: (name: string) => `Delete ${name}`,
    confirmRemove: (name: string) =>
      `Delete “${name}”? Chats about it keep their answers but can no longer show the passages.`,
    search: 'Search your documents',
    searchOne: 'Search this document',
    searching: 'Searching…',
    found: (count: number, text: string) =>
      count === 0 ? 'Nothing found.' : count === 1 ? '1 passage found' : `${text} passages found`,
    back: 'All documents',
    page: (page: string) => `Page ${page}`,
    sheet: (sheet: string) => `Sheet ${sheet}`,
    passage: (number: string) => `Passage ${number}`,
    missing: 'This document is no longer on this device.',
    opening: 'Opening the document…',

    // attaching
    attach: 'Attach file',
    dropHere: 'Drop the files to ask about them',
    attached: 'Attached files',
    inChat: 'This chat reads',
    detach: (name: string) => `Remove ${name}`,
    cancelReading: (name: string) => `Cancel reading ${name}`,
    waiting: 'waiting',
    readingPage: (done: string, total: string) => `page ${done} of ${total}`,
    readingFile: 'reading…',
    tiny: 'Phield tiny is too small to answer from documents: look at the passages it finds, not at its words. Phi-3-mini can answer.',
    chooseModel: 'Choose a model',

    // sources
    sources: (count: number, text: string) => (count === 1 ? '1 source' : `${text} sources`),
    sourcesNote: 'This is what the model was given, word for word, before your question.',
    sourceGone: 'The document was deleted, so its words can no longer be shown.',
    cited: 'cited',
  },
};

export const enDocumentErrors = {
  'documents/too-large': {
    title: 'The file is too large',
    help: 'Phield reads files of up to 100 MB. Split it, or save only the part that matters.',
  },
  'documents/too-long': {
    title: 'The document is too long',
    help: 'Phield reads up to 2,000 pages or 12 million characters. Split it, or save only the part that matters.',
  },
  'documents/unsupported-kind': {
    title: 'Phield cannot read this kind of file',
    help: 'It reads PDF, Word (.docx), Excel (.xlsx), Markdown, HTML, CSV and plain text. Save the file as one of these and add it again.',
  },
  'documents/encrypted': {
    title: 'The file is protected by a password',
    help: 'Open it in its own program, save a copy without a password and add that.',
  },
  'documents/no-text': {
    title: 'There is no text in this file',
    help: 'It is empty, or its pages are pictures (a scan). Run text recognition (OCR) on it first, then add it again.',
  },
  'documents/damaged': {
    title: 'The file is damaged',
    help: 'It could not be read to the end. Open it in its own program, save it anew and add it again.',
  },
  'documents/zip-bomb': {
    title: 'The file unpacks to far more than it should',
    help: 'A small file that unpacks to hundreds of megabytes is more likely a trap than a document. It was not opened.',
  },
  'documents/missing': {
    title: 'The document is no longer on this device',
    help: 'Add the file again, or ask in a new chat.',
  },
};
