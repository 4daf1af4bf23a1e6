// The words of asking about a picture through llama.cpp, in English.
export interface PhotoWords {
  readonly onThisDevice: string;
  readonly ask: (model: string) => string;
  readonly slow: string;
  readonly onGraphics: (model: string) => string;
  readonly own: string;
  readonly toImport: string;
}

export const enPhoto: PhotoWords = {
  onThisDevice: 'A model on this device sees pictures through llama.cpp:',
  ask: (model) => `Load ${model} on the processor`,
  slow: 'It computes on this device’s processor, not on its graphics, and that is slow: looking at a picture takes from a few seconds with a very small model to several minutes, before the first word comes.',
  onGraphics: (model) =>
    `${model} is loaded on the graphics, where it reads text only. On the processor it sees pictures.`,
  own: 'A model of your own can see too: choose its GGUF file and the mmproj file that was made for it together.',
  toImport: 'Import files',
};
