// The decode bench in Node, on the adapter that PHIELD_ADAPTER names.
import { openNodeGpu } from '../src/gpu/testing/node-gpu';
import { benchDecode, type DecodeBenchOptions, type DecodeBenchResult } from './decode';

export const benchInNode = (options: DecodeBenchOptions): Promise<DecodeBenchResult> =>
  benchDecode(options, () => openNodeGpu());
