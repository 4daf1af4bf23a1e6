// The decode bench in a browser's page.
import { openGpu } from '../src/gpu/gpu';
import { benchDecode, type DecodeBenchOptions, type DecodeBenchResult } from './decode';

declare global {
  var benchInPage: (options: DecodeBenchOptions) => Promise<DecodeBenchResult>;
}
globalThis.benchInPage = (options) => benchDecode(options, () => openGpu());
