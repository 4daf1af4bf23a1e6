// The words of answering on the processor, in English.
export const enProcessor = {
  processor: {
    title: 'Answer on the processor instead',
    lead: 'A model can also run on this device’s processor, with no graphics at all. That is many times slower than a GPU, and enough for short answers from a small model. It stays on this device all the same.',
    run: (model: string) => `Run ${model} on the processor`,
    runBuiltIn: 'Run the built-in model on the processor',
    needsFile: (model: string) =>
      `${model} cannot: on the processor only GGUF files run, and the model that comes with Phield.`,
    runsOn: (threads: number, rate: string) =>
      `Runs on this device’s processor (${threads === 1 ? 'one thread' : `${threads} threads`}), about ${rate} tokens a second`,
    threads: 'Threads of the processor',
    speed: 'Tokens a second, when it was loaded',
  },
};
