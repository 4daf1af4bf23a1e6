// Files that go with the message being written: those that are being read, and those that are ready to be asked about.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { isAbort } from '../../base/errors';
import type { DocumentRef } from '../../chat/conversation';
import type { Reading, ShelfState } from '../../documents/shelf';
import { sameItems, useApp, useStore } from '../app-context';
import { useExtras } from '../common/draft-extras';
import { HandedFiles } from '../common/handed-files';

export interface Attachments {
  readonly documents: readonly DocumentRef[];
  readonly readings: readonly Reading[];
  /** True while a file that belongs to the message is still being read. */
  readonly busy: boolean;
  add(files: readonly File[]): void;
  attach(document: DocumentRef): void;
  remove(id: string): void;
  dismiss(reading: number): void;
  clear(): void;
}

/** What another page hands to the composer: "Ask about it". */
const handOver = 'phield-attach';

export function askAbout(document: DocumentRef): void {
  window.dispatchEvent(new CustomEvent<DocumentRef>(handOver, { detail: document }));
}

/** Files for the composer from anywhere on the page. */
export const filesForComposer = new HandedFiles();

/** Each chat's own, kept with what is typed in it. */
export function useAttachments(chatId: string | null): Attachments {
  const { drafts, shelf } = useApp();
  const { documents } = useExtras(chatId);
  const [mine, setMine] = useState<readonly { readonly id: number; readonly chatId: string | null }[]>([]);
  const readings = useStore(
    shelf,
    useCallback(
      (state: ShelfState) =>
        state.readings.filter(({ id }) => mine.some((one) => one.id === id && one.chatId === chatId)),
      [mine, chatId],
    ),
    sameItems,
  );
  const attach = useCallback(
    (document: DocumentRef) => {
      const before = drafts.extras(chatId).documents.filter(({ id }) => id !== document.id);
      drafts.setExtras(chatId, { documents: [...before, document] });
    },
    [drafts, chatId],
  );
  useEffect(() => {
    const hear = (event: Event): void => attach((event as CustomEvent<DocumentRef>).detail);
    window.addEventListener(handOver, hear);
    return () => window.removeEventListener(handOver, hear);
  }, [attach]);

  const add = useCallback(
    (files: readonly File[]) => {
      for (const file of files) {
        shelf
          .add(file, (id) => setMine((before) => [...before, { id, chatId }]))
          .then(
            ({ id, name }) => attach({ id, name }),
            (thrown: unknown) => {
              // A failure is told by the shelf's own list; a cancelled file was meant to go.
              if (!isAbort(thrown)) console.info('A file could not be read.', thrown);
            },
          );
      }
    },
    [shelf, attach, chatId],
  );

  return useMemo(
    () => ({
      documents,
      readings,
      busy: readings.some(({ error }) => !error),
      add,
      attach,
      remove: (id) => drafts.setExtras(chatId, { documents: documents.filter((one) => one.id !== id) }),
      dismiss: (reading) => shelf.dismiss(reading),
      clear: () => {
        drafts.setExtras(chatId, { documents: [] });
        for (const { id, error } of readings) if (error) shelf.dismiss(id);
      },
    }),
    [documents, readings, add, attach, shelf, drafts, chatId],
  );
}
