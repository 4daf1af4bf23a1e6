// The words of what the engine holds on the GPU, on the Storage page, in English.
export const enHeld = {
  alone: (bytes: string) => `On the GPU now: ${bytes}, by this tab’s engine.`,
  shared: (bytes: string, guests: string) => `On the GPU now: ${bytes}, once for ${guests} tabs and frames.`,
  here: 'The engine is in this tab.',
  elsewhere: 'The engine is in another tab; this one holds nothing of it.',
};
export type HeldWords = typeof enHeld;
