// Binds the shelf to what a chat asks of it: see ChatStoreParts.ground.
import type { DocumentRef, Source } from '../chat/conversation';
import type { EngineClient } from '../client/client';
import { AppError } from '../base/errors';
import { ground } from './ground';
import type { DocumentShelf } from './shelf';

export type GroundChat = (
  question: string,
  documents: readonly DocumentRef[],
  options: { readonly room: number; readonly client: EngineClient },
) => Promise<{ readonly content: string; readonly sources: readonly Source[] }>;

export function groundIn(shelf: DocumentShelf): GroundChat {
  return async (question, documents, { room, client }) => {
    const here = await Promise.all(documents.map(({ id }) => shelf.record(id)));
    const present = documents.filter((_, at) => here[at]);
    // Some of several may be gone; none left is another matter.
    if (present.length === 0)
      throw new AppError('documents/missing', 'None of the chat’s documents is on this device any more.');
    return ground(question, present, {
      room,
      passages: (id) => shelf.passages(id),
      find: (words, ids, limit) => shelf.find(words, ids, limit),
      count: (content) => client.countTokens([{ role: 'user', content }]),
    });
  };
}
