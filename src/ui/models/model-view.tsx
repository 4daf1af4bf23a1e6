// What is known of the model: what it truthfully is and what it runs on.
import type { AdapterInfo } from '../../protocol/chat';
import type { LoadedModel } from '../../protocol/rpc';
import { formatBytes, formatCompact, formatCount, formatRate } from '../common/format';
import type { Texts } from '../texts/en';

export const builtInModel = 'phield-tiny';

/** Browsers give these in lower case. */
const spelling: Readonly<Record<string, string>> = {
  amd: 'AMD',
  apple: 'Apple',
  arm: 'Arm',
  google: 'Google',
  intel: 'Intel',
  mesa: 'Mesa',
  nvidia: 'NVIDIA',
  qualcomm: 'Qualcomm',
  swiftshader: 'SwiftShader',
};

const names = new Map<string, string>();

/** One name a model, everywhere: the catalogue's, by its ids. Told once at start. */
export function nameModels(catalogue: Iterable<readonly [id: string, name: string]>): void {
  for (const [id, name] of catalogue) names.set(id, name);
}

/** The catalogue's name, else the last part of its address that says what it is. */
export function modelName(model: string): string {
  const part = lastPart(model);
  return names.get(part) ?? part;
}

function lastPart(model: string): string {
  return (
    model
      .replace(/[?#].*$/, '')
      .replace(/\/+$/, '')
      // The last part of a hub's address is a branch or a commit; the name comes before it.
      .replace(/\/resolve\/[^/]+$/, '')
      // Of a pair of files (own/pairs.ts) the second says only that it sees.
      .replace(/\.gguf(?:\+|%2B)[^/]+\.gguf$/i, '.gguf + mmproj')
      .split('/')
      .at(-1) || model
  );
}

/** Of a stored folder, by its address. */
export function storedName(base: string): string {
  const name = modelName(base);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

export function adapterName(adapter: AdapterInfo, texts: Texts): string {
  const words = [adapter.vendor, adapter.architecture].filter(Boolean);
  return adapter.description || words.map((word) => spelling[word] ?? word).join(' ') || texts.unknownAdapter;
}

export function Facts({ info, texts }: { readonly info: LoadedModel; readonly texts: Texts }) {
  const { facts, language } = texts;
  const rows: readonly (readonly [string, string])[] = [
    [facts.engine, texts.models.engineNames[info.engine]],
    [facts.parameters, formatCompact(info.parameters, language)],
    [facts.context, texts.tokens(formatCount(info.contextWindow, language))],
    [facts.weights, formatBytes(info.weightBytes, language)],
    ...(info.processor ? processorRows(info.processor, texts) : gpuRows(info, texts)),
  ];
  return (
    <dl className="model-facts">
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function gpuRows(info: LoadedModel, texts: Texts): readonly (readonly [string, string])[] {
  const { facts, language } = texts;
  return [
    [facts.gpuMemory, formatBytes(info.gpuBytes, language)],
    [facts.adapter, adapterName(info.adapter, texts)],
    [facts.halfPrecision, info.adapter.shaderF16 ? texts.yes : texts.no],
  ];
}

function processorRows(
  { threads, tokensPerSecond }: NonNullable<LoadedModel['processor']>,
  { processor, language }: Texts,
): readonly (readonly [string, string])[] {
  return [
    [processor.threads, formatCount(threads, language)],
    [processor.speed, formatRate(tokensPerSecond, language)],
  ];
}

/** What a loaded model runs on, in a line. */
export function runsOnLine({ adapter, processor }: LoadedModel, texts: Texts): string {
  if (!processor) return texts.runsOn(adapterName(adapter, texts));
  return texts.processor.runsOn(processor.threads, formatRate(processor.tokensPerSecond, texts.language));
}

/** By its name, or by the address of its folder. */
export function isBuiltIn(model: string): boolean {
  return lastPart(model) === builtInModel;
}

/** Fallback adapters, and the software ones that browsers do not flag as such. */
export function isSoftware({ isFallback, vendor, architecture, description }: AdapterInfo): boolean {
  return (
    isFallback ||
    /swiftshader|llvmpipe|lavapipe|\bwarp\b|basic render/i.test(`${vendor} ${architecture} ${description}`)
  );
}
