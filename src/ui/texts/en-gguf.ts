// The words of a GGUF file's card, in English: what it says of itself before anything big is fetched.
export const enGguf = {
  gguf: {
    title: 'What the file says of itself',
    model: 'Model',
    architecture: 'Architecture',
    parameters: 'Parameters',
    mix: 'Weights',
    context: 'Longest context',
    tokens: (count: string) => `${count} tokens`,
    licence: 'Licence',
    noLicence: 'The file does not say',
    memory: 'Memory on the GPU',
    memoryAt: (bytes: string, tokens: string) => `${bytes} with ${tokens} tokens of context`,
  },
};
