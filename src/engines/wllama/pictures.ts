// Pictures of a request as llama.cpp takes them: bytes of a file. They may come from a host page, so that nothing is handed
// on but what this browser itself can read as a picture of a sensible size.
import { AppError } from '../../base/errors';
import { pictureTokens } from '../../formats/gguf/eyes';
import type { Eyes } from '../../formats/model-config';
import type { ChatMessage } from '../../protocol/chat';

export interface Picture {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Positions of the context, at most. */
  readonly tokens: number;
}

/** In one message. */
const most = 4;
const mostBytes = 16 * 2 ** 20;
const mostPixels = 4096 * 4096;
/** Looked at and kept, for a conversation is counted several times before it is asked. */
const mostKept = 8;

/** What llama.cpp's decoder knows too. */
const address = /^data:image\/(?:jpeg|png|bmp|gif);base64,([\w+/]+={0,2})$/;

/** Of one model. */
export class Pictures {
  readonly #eyes: Eyes | undefined;
  readonly #kept = new Map<string, Picture>();

  /** @param eyes undefined for a model that sees none. */
  constructor(eyes: Eyes | undefined) {
    this.#eyes = eyes;
  }

  /** In the order of the prompt. @throws AppError `run/bad-request` naming the message */
  async of(messages: readonly ChatMessage[]): Promise<readonly Picture[]> {
    const pictures: Picture[] = [];
    for (const [i, { images = [] }] of messages.entries()) {
      if (images.length > most) throw bad(i, `are more than the ${most} pictures that a message may have`);
      for (const image of images) pictures.push(await this.#pictureAt(image, i));
    }
    return pictures;
  }

  async #pictureAt(image: string, message: number): Promise<Picture> {
    const kept = this.#kept.get(image);
    if (kept) return kept;
    if (!this.#eyes) throw bad(message, 'cannot be seen by this model, which reads text only');
    const picture = await pictureAt(image, message, this.#eyes);
    this.#kept.set(image, picture);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return picture;
  }
}

export const tokensOf = (pictures: readonly Picture[]): number =>
  pictures.reduce((sum, { tokens }) => sum + tokens, 0);

async function pictureAt(image: string, message: number, eyes: Eyes): Promise<Picture> {
  const encoded = image.length < 2 * mostBytes ? address.exec(image)?.[1] : undefined;
  if (encoded === undefined) throw bad(message, 'are no data: addresses of JPEG, PNG, BMP or GIF files');
  const bytes = Uint8Array.from(decoded(encoded, message), (letter) => letter.charCodeAt(0));
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([bytes]));
  } catch (cause) {
    throw bad(message, 'hold a file that is no picture', cause);
  }
  const { width, height } = bitmap;
  bitmap.close();
  if (width * height > mostPixels)
    throw bad(message, `hold a picture of ${width} by ${height}: make it smaller`);
  return { bytes, tokens: pictureTokens(eyes, width, height) };
}

function decoded(text: string, message: number): string {
  try {
    return atob(text);
  } catch (cause) {
    throw bad(message, 'are no base64', cause);
  }
}

function bad(message: number, problem: string, cause?: unknown): AppError {
  const field = `messages[${message}].images`;
  return new AppError('run/bad-request', `${field} ${problem}. Change the request.`, {
    details: { field },
    cause,
  });
}
