// Parses blocks of Markdown beside the page, so that no block, however odd, holds up a frame.
import { decorate } from './decorate';
import { parseBlock, type BlockSource } from './parse';

self.onmessage = ({ data }: MessageEvent<BlockSource>) => {
  void (async () => {
    try {
      const root = parseBlock(data);
      await decorate(root);
      postMessage(root);
    } catch {
      // Nested too deep for the stack, say: the page shows the text instead.
      postMessage(undefined);
    }
  })();
};
