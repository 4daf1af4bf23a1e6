// What a model's configuration may not ask for, said with what it may.
import { AppError } from '../../base/errors';

export const configFile = 'mlc-chat-config.json';

export function unsupported(found: string, supported: string): AppError {
  return new AppError(
    'model/unsupported-arch',
    `${configFile} asks for ${found}. This engine runs ${supported}: choose such a model.`,
    { details: { file: configFile } },
  );
}
