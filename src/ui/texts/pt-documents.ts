// The words of documents, in Brazilian Portuguese.
import type { enDocumentErrors, enDocuments } from './en-documents';

export const ptDocuments: typeof enDocuments = {
  documents: {
    title: 'Documentos',
    lead: 'Adicione um arquivo e pergunte sobre ele. Tudo é lido e fica neste aparelho; só o texto é guardado.',
    drop: 'Solte arquivos aqui ou',
    choose: 'Escolher arquivos',
    kindsRead: 'PDF, Word, Excel, Markdown, HTML, CSV e texto simples, até 100 MB cada',
    none: 'Nenhum documento ainda.',
    reading: 'Procurando seus documentos…',
    list: 'Seus documentos',
    kinds: {
      text: 'Texto',
      markdown: 'Markdown',
      html: 'Página web',
      csv: 'Tabela',
      docx: 'Word',
      pdf: 'PDF',
      xlsx: 'Excel',
    },
    pages: (count, text) => (count === 1 ? '1 página' : `${text} páginas`),
    sheets: (count, text) => (count === 1 ? '1 planilha' : `${text} planilhas`),
    passages: (count, text) => (count === 1 ? '1 trecho' : `${text} trechos`),
    added: (date) => `adicionado em ${date}`,
    emptyPages: (count, text) =>
      count === 1
        ? 'Uma página não tem texto. Pode ser digitalizada, e isso o Phield não lê.'
        : `${text} páginas não têm texto. Podem ser digitalizadas, e isso o Phield não lê.`,
    encodings: {
      'utf-8': '',
      'utf-16le': '',
      'utf-16be': '',
      'windows-1252':
        'O arquivo não diz como as letras foram codificadas; foi lido como europeu ocidental. Se as letras parecerem trocadas, salve em UTF-8 e adicione de novo.',
    },
    ask: 'Perguntar',
    askAbout: (name) => `Perguntar sobre ${name}`,
    remove: 'Apagar',
    removeNamed: (name) => `Apagar ${name}`,
    confirmRemove: (name) =>
      `Apagar “${name}”? As conversas sobre ele ficam com as respostas, mas não mostram mais os trechos.`,
    search: 'Buscar nos documentos',
    searchOne: 'Buscar neste documento',
    searching: 'Buscando…',
    found: (count, text) =>
      count === 0 ? 'Nada encontrado.' : count === 1 ? '1 trecho encontrado' : `${text} trechos encontrados`,
    back: 'Todos os documentos',
    page: (page) => `Página ${page}`,
    sheet: (sheet) => `Planilha ${sheet}`,
    passage: (number) => `Trecho ${number}`,
    missing: 'Este documento não está mais neste aparelho.',
    opening: 'Abrindo o documento…',

    attach: 'Anexar arquivo',
    dropHere: 'Solte os arquivos para perguntar sobre eles',
    attached: 'Arquivos anexados',
    inChat: 'Esta conversa lê',
    detach: (name) => `Remover ${name}`,
    cancelReading: (name) => `Cancelar a leitura de ${name}`,
    waiting: 'na fila',
    readingPage: (done, total) => `página ${done} de ${total}`,
    readingFile: 'lendo…',
    tiny: 'O Phield tiny é pequeno demais para responder com base em documentos: veja os trechos que ele acha, não as palavras dele. O Phi-3-mini sabe responder.',
    chooseModel: 'Escolher um modelo',

    sources: (count, text) => (count === 1 ? '1 fonte' : `${text} fontes`),
    sourcesNote: 'Foi isto que o modelo recebeu, palavra por palavra, antes da sua pergunta.',
    sourceGone: 'O documento foi apagado; o texto dele não pode mais ser mostrado.',
    cited: 'citada',
  },
};

export const ptDocumentErrors: typeof enDocumentErrors = {
  'documents/too-large': {
    title: 'O arquivo é grande demais',
    help: 'O Phield lê arquivos de até 100 MB. Divida o arquivo ou salve só a parte que importa.',
  },
  'documents/too-long': {
    title: 'O documento é longo demais',
    help: 'O Phield lê até 2.000 páginas ou 12 milhões de caracteres. Divida o documento ou salve só a parte que importa.',
  },
  'documents/unsupported-kind': {
    title: 'O Phield não lê este tipo de arquivo',
    help: 'Ele lê PDF, Word (.docx), Excel (.xlsx), Markdown, HTML, CSV e texto simples. Salve o arquivo em um desses formatos e adicione de novo.',
  },
  'documents/encrypted': {
    title: 'O arquivo está protegido por senha',
    help: 'Abra no programa dele, salve uma cópia sem senha e adicione a cópia.',
  },
  'documents/no-text': {
    title: 'Não há texto neste arquivo',
    help: 'Ele está vazio ou as páginas são imagens (digitalizadas). Faça antes o reconhecimento de texto (OCR) e adicione de novo.',
  },
  'documents/damaged': {
    title: 'O arquivo está danificado',
    help: 'Não foi possível ler até o fim. Abra no programa dele, salve de novo e adicione outra vez.',
  },
  'documents/zip-bomb': {
    title: 'O arquivo se descompacta muito além do normal',
    help: 'Um arquivo pequeno que vira centenas de megabytes parece mais uma armadilha do que um documento. Ele não foi aberto.',
  },
  'documents/missing': {
    title: 'O documento não está mais neste aparelho',
    help: 'Adicione o arquivo de novo ou pergunte em uma nova conversa.',
  },
};
