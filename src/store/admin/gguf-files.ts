// Which of the files that a person chose are one model in GGUF: a file, the parts of a split one, and with either the
// file that it sees by. What a file is stands in its head, not in its name.
import { AppError, toAppError } from '../../base/errors';
import { ggufCard } from '../../formats/gguf/card';
import { isEyes } from '../../formats/gguf/eyes';
import {
  checkPartName,
  manifestOf,
  partNames,
  readHead,
  readHeads,
  type GgufSource,
} from '../../formats/gguf/model-file';
import { parseManifest } from '../../formats/mlc/parse-manifest';
import type { TensorManifest } from '../../formats/mlc/manifest';
import type { ModelFacts } from '../../formats/model-facts';
import { importedScheme, withEyes } from '../address';
import { isLfsPointer, lfsPointer, lfsPointerBytes } from '../file-text';
import type { ModelFile } from './transfer';

export interface GgufParts {
  /** Of the model's own file, or of its first part. */
  readonly name: string;
  readonly base: string;
  /** By name, what it sees by among them. */
  readonly files: ReadonlyMap<string, Blob>;
  readonly eyes: string | undefined;
  readonly missing: readonly string[];
  /** Models among the files that are not this one. */
  readonly leftOut: readonly string[];
  readonly totalBytes: number;
}

/** How the words of an error call where the files come from. */
export const origin = 'the chosen files';
/** A folder may hold a model in a dozen sizes; each head that is looked into is a megabyte to read. */
const mostHeads = 24;

/**
 * @param configFile where one of the files is that, they are a folder.
 * @returns undefined where they are a folder or anything else.
 * @throws AppError of a broken head, and `network/bad-address` for a name that nothing can carry
 */
export async function ggufParts(
  files: readonly ModelFile[],
  configFile: string,
): Promise<GgufParts | undefined> {
  if (files.some(({ path }) => path.endsWith(configFile))) return undefined;
  const byName = new Map(files.map(({ path, blob }) => [path.split('/').at(-1) ?? path, blob]));
  const named = [...byName.keys()].filter((name) => /^[^.].*\.gguf$/i.test(name)).sort();
  const whole = [...new Set(named.map((name) => partNames(name)[0] ?? name))];
  const [first, second] = whole;
  if (first === undefined) return undefined;
  const seeing = second === undefined ? [] : await eyesAmong(whole.slice(0, mostHeads), byName);
  const name = whole.find((one) => !seeing.includes(one)) ?? first;
  const eyes = name === first && seeing.includes(first) ? undefined : smallest(seeing, byName);
  const names = [...partNames(name), ...(eyes === undefined ? [] : [eyes])];
  names.forEach(checkPartName);
  const parts = new Map(
    names.flatMap((part) => {
      const blob = byName.get(part);
      return blob ? [[part, blob] as const] : [];
    }),
  );
  const base = `${importedScheme}/${encodeURIComponent(name)}`;
  return {
    name,
    base: `${eyes === undefined ? base : withEyes(base, eyes)}/`,
    files: parts,
    eyes,
    missing: names.filter((part) => !parts.has(part)),
    leftOut: whole.filter((one) => one !== name && !seeing.includes(one)),
    totalBytes: [...parts.values()].reduce((sum, { size }) => sum + size, 0),
  };
}

/** Also those that only their name calls so: what is wrong with them is for whoever reads them. */
async function eyesAmong(
  names: readonly string[],
  files: ReadonlyMap<string, Blob>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) {
    const blob = files.get(name);
    const claims = /mmproj/i.test(name);
    if (!blob) continue;
    const header = await readHead(await sourceOf(name, blob)).then(
      (head) => head.header,
      (thrown: unknown) => {
        // Of a model that is only one of several, nobody asked.
        if (claims) throw brokenEyes(name, thrown);
        return undefined;
      },
    );
    if (claims || (header && isEyes(header))) found.push(name);
  }
  return found;
}

/** With its name: it is one of two files. */
function brokenEyes(name: string, thrown: unknown): AppError {
  const { code, message, details } = toAppError(thrown);
  const words = `${name} cannot be read: ${message} Or choose the model alone, which then reads text only.`;
  return new AppError(code, words, { details: { ...details, file: name }, cause: thrown });
}

/** Hosts have it in 16 bits and in 8; either sees. */
function smallest(names: readonly string[], files: ReadonlyMap<string, Blob>): string | undefined {
  const size = (name: string): number => files.get(name)?.size ?? 0;
  return [...names].sort((a, b) => size(a) - size(b))[0];
}

async function sourceOf(name: string, blob: Blob): Promise<GgufSource> {
  if (await isPointer(blob)) throw lfsPointer(name, origin);
  return {
    nbytes: blob.size,
    read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  };
}

export async function isPointer(blob: Blob): Promise<boolean> {
  return blob.size <= lfsPointerBytes && isLfsPointer(await blob.text());
}

export interface GgufOnDisk {
  readonly manifest: TensorManifest;
  readonly manifestText: string;
  readonly heads: string;
  readonly card: ModelFacts;
}

/** @param absent makes the error for a part that is not there. @throws AppError of the formats */
export async function readGguf(
  { name, files, eyes }: GgufParts,
  absent: (name: string) => Error,
): Promise<GgufOnDisk> {
  const { model, text } = await readHeads(
    name,
    async (part) => {
      const blob = files.get(part);
      if (!blob) throw absent(part);
      return sourceOf(part, blob);
    },
    eyes,
  );
  const manifestText = manifestOf(model);
  const card = await ggufCard(model);
  return { manifest: parseManifest(manifestText, name), manifestText, heads: text, card };
}
