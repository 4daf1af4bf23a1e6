// What the owner of this copy of Phield has set up, for frames above all: phield.config.json beside the app. Read as untrusted all the
// same: a field that is not what it should be is left out, so that a slip closes doors and opens none.
import { isModelName } from '../../chat/models/model-name';
import type { SafetyLevel } from '../../safety/check';
import type { Floor, Topic } from '../../safety/floor';
import { usualFloor } from './no-deployer';
import { asStorageWay, type StorageWay } from '../../base/storage-way';

export interface Deployer {
  /** Where models are kept for who has not chosen; undefined: in private files. */
  readonly storage: StorageWay | undefined;
  /** Origins whose pages may speak to the frame; the app's own always may. */
  readonly origins: readonly string[];
  /** Of those, who may read what is said. */
  readonly readers: readonly string[];
  /** Of those, who may add to what is said before every conversation. */
  readonly instructors: readonly string[];
  /** Catalogue id or address of the model that the frame loads; a host may name another from the catalogue only. */
  readonly model: string | undefined;
  /** Said before every conversation. */
  readonly system: string | undefined;
  /** Address below the app of Markdown or of JSON of questions and answers. */
  readonly knowledge: string | undefined;
  /** Where a person is sent with what the knowledge does not answer. */
  readonly contact: { readonly href: string; readonly label: string } | undefined;
  /** What visitors may talk about; there always is a level. */
  readonly floor: Floor;
}

/** Said again here: the check itself is not to come with the first paint. */
const levels = ['off', 'standard', 'strict'] as const satisfies readonly SafetyLevel[];

const longestText = 8_000;
const mostOrigins = 200;
const mostTopics = 100;
const mostWords = 200;
const longestWord = 100;

export function readDeployer(untrusted: unknown): Deployer {
  const embed = record(record(untrusted)['embed']);
  const contact = record(embed['contact']);
  const href = text(contact['href']);
  const label = text(contact['label']);
  const model = text(embed['model']);
  return {
    storage: asStorageWay(record(untrusted)['storage']),
    origins: originsOf(embed['origins']),
    readers: originsOf(embed['readers']),
    instructors: originsOf(embed['instructors']),
    model: model !== undefined && isModelName(model) ? model : undefined,
    system: text(embed['system']),
    knowledge: text(embed['knowledge']),
    contact:
      href !== undefined && /^(https:|mailto:)/.test(href) ? { href, label: label ?? href } : undefined,
    floor: floorOf(record(embed['safety'])),
  };
}

function floorOf(safety: Readonly<Record<string, unknown>>): Floor {
  return {
    level: levels.find((one) => one === safety['level']) ?? usualFloor.level,
    allowed: topicsOf(safety['allowed']),
    blocked: topicsOf(safety['blocked']),
    refusal: text(safety['refusal']),
  };
}

/** `{ "name": "returns", "words": ["return", "send back"] }`; one without words is none. */
function topicsOf(value: unknown): readonly Topic[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, mostTopics).flatMap((entry): readonly Topic[] => {
    const { name, words } = record(entry);
    const all = Array.isArray(words) ? (words as readonly unknown[]) : [];
    const kept = all.slice(0, mostWords).flatMap((word) => {
      const one = text(word);
      return one !== undefined && one.length <= longestWord ? [one] : [];
    });
    const called = text(name) ?? kept[0];
    return called === undefined || kept.length === 0
      ? []
      : [{ name: called.slice(0, longestWord), words: kept }];
  });
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' && value.length <= longestText ? value : undefined;
}

/** Whole origins: no paths, no wildcards, nothing but https, or http on the person's own machine. */
function originsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, mostOrigins).flatMap((entry): string[] => {
    if (typeof entry !== 'string' || !URL.canParse(entry)) return [];
    const { origin, protocol, hostname } = new URL(entry);
    const local = protocol === 'http:' && (hostname === 'localhost' || hostname === '127.0.0.1');
    if (hostname.includes('*')) return [];
    return origin === entry && (protocol === 'https:' || local) ? [origin] : [];
  });
}
