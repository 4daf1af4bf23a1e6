// Types of ai-sdk.mjs: the person's own model for the Vercel AI SDK (specification v3).
import type { Completions } from './embed.mjs';

export interface PhieldModel {
  readonly specificationVersion: 'v3';
  readonly provider: 'phield';
  readonly modelId: string;
  readonly supportedUrls: Record<string, RegExp[]>;
  // In the SDK's own shapes, which this file does not import.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  doGenerate(call: any): Promise<any>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  doStream(call: any): Promise<any>;
}

/** @param completions `chat.completions` of a mounted widget. */
export function phield(completions: Completions): PhieldModel;
