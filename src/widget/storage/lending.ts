// A big model that is on this device already, in storage that the person has let this frame reach before, is read from there
// in the place of the question whether to fetch it.
import { AppError } from '../../base/errors';
import type { EngineClient } from '../../client/client';
import type { LentModel } from '../../base/lent-model';

/** @param find where the model of that folder lies; undefined where it does not, or may not be looked for without a click. */
export function lending(
  client: EngineClient,
  find: (folder: string) => Promise<LentModel | undefined>,
): EngineClient {
  return {
    ...client,
    load: async (model, options) => {
      try {
        return await client.load(model, options);
      } catch (thrown) {
        const folder = folderInQuestion(thrown);
        const lent = folder === undefined ? undefined : await find(folder).catch(() => undefined);
        if (!lent) throw thrown;
        return client.load(model, { ...options, lent });
      }
    },
  };
}

/** Of a model that is not fetched before the person has said yes. */
export function folderInQuestion(thrown: unknown): string | undefined {
  if (!(thrown instanceof AppError) || thrown.code !== 'run/needs-consent') return undefined;
  const { folder } = thrown.details;
  return typeof folder === 'string' ? folder : undefined;
}
