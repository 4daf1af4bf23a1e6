// What a link may carry (?model=&temperature=&max_tokens=&system=&lang=&template=&storage=), read as untrusted text: a value that
// is not allowed is left out and named, so that the page can say so.
import { isModelName } from '../models/model-name';
import { numberSettings, readSettings, systemLength, type Settings } from './settings';

export interface AddressParameters {
  readonly model?: string;
  readonly settings: Partial<Settings>;
  /** Parameters that were there but not usable. */
  readonly rejected: readonly string[];
}

export function readAddress(search: string): AddressParameters {
  const query = new URLSearchParams(search);
  const rejected: string[] = [];
  const record: Record<string, unknown> = {};

  for (const name of numberSettings) {
    const text = query.get(name);
    if (text !== null) record[name] = text.trim() === '' ? NaN : Number(text);
  }
  const system = query.get('system');
  if (system !== null) record['system'] = system.length > systemLength ? undefined : system;
  const language = query.get('lang');
  if (language !== null) record['language'] = language.toLowerCase().split('-')[0];

  const storage = query.get('storage');
  if (storage !== null) record['storage'] = storage;
  const template = query.get('template');
  if (template !== null) record['template'] = template;

  const settings = readSettings(record);
  for (const name of Object.keys(record)) {
    if (!(name in settings)) rejected.push(name === 'language' ? 'lang' : name);
  }
  const model = query.get('model');
  if (model === null) return { settings, rejected };
  if (isModelName(model)) return { model, settings, rejected };
  return { settings, rejected: ['model', ...rejected] };
}
