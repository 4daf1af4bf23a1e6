// Which addresses the worker with the network may be asked for. The worker that sees words can only name what the
// page has named before it: an address or a file's name of its own making could carry words away.
import { AppError } from '../../base/errors';
import { ggufHeadFile } from '../../formats/gguf/model-file';
import { importedScheme } from '../address';
import { requiredTexts } from '../download/small-files';

/** Names of small files that a model's folder may be asked for. */
const textNames: ReadonlySet<string> = new Set([
  ...requiredTexts,
  ggufHeadFile,
  'config.json',
  'generation_config.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
]);

/** The page's word and the other worker's question come on two ways, of which the second may be the quicker. */
const lateMs = 500;

export class Allowed {
  readonly #addresses = new Set<string>();
  #changed: (() => void)[] = [];

  add(addresses: readonly string[]): void {
    for (const address of addresses) this.#addresses.add(address);
    for (const wake of this.#changed.splice(0)) wake();
  }

  /** @throws AppError run/bad-request */
  async check(...addresses: readonly string[]): Promise<void> {
    const refused = (): string | undefined =>
      addresses.find((address) => !address.startsWith(importedScheme) && !this.#addresses.has(address));
    const untilMs = Date.now() + lateMs;
    while (refused() !== undefined && Date.now() < untilMs) {
      await new Promise<void>((resolve) => {
        this.#changed.push(resolve);
        setTimeout(resolve, lateMs);
      });
    }
    if (refused() !== undefined) {
      throw new AppError(
        'run/bad-request',
        'The engine asked for an address that nobody has chosen. Nothing was fetched.',
      );
    }
  }

  /** @throws AppError run/bad-request */
  checkText(name: string): void {
    if (textNames.has(name)) return;
    throw new AppError(
      'run/bad-request',
      'The engine asked for a file that is none of a model’s. Nothing was fetched.',
    );
  }
}
