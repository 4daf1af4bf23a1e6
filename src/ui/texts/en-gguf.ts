// The words of a model of one's own, in English: what its files say of it, which of a repository's to take, whether it fits.
export interface GgufWords {
  readonly title: string;
  readonly fromFile: (name: string) => string;
  readonly model: string;
  readonly architecture: string;
  readonly parameters: string;
  readonly mix: string;
  readonly context: string;
  readonly tokens: (count: string) => string;
  readonly licence: string;
  readonly noLicence: string;
  readonly template: string;
  readonly pictures: string;
  readonly seesBy: (file: string, bytes: string) => string;
  readonly alsoEyes: (file: string, bytes: string) => string;
  readonly withEyes: (file: string) => string;
  readonly withoutEyes: string;
  readonly memory: string;
  readonly memoryAt: (bytes: string, tokens: string) => string;
  readonly fit: string;
  readonly fits: (has: string) => string;
  readonly tight: (has: string) => string;
  readonly tooLarge: (has: string) => string;
  readonly inSoftware: string;
  readonly smallInstead: string;
  readonly smallOnProcessor: string;
  readonly processorToo: string;
  readonly whyOwn: string;
  readonly lineTakes: (time: string) => string;
  readonly repository: (name: string, count: number) => string;
  readonly repositoryLead: string;
  readonly parts: (bytes: string, count: number) => string;
  readonly look: (file: string) => string;
  readonly reading: string;
}

export const enGguf: GgufWords = {
  title: 'What its files say of it',
  fromFile: (name) => `From this device: ${name}`,
  model: 'Model',
  architecture: 'Architecture',
  parameters: 'Parameters',
  mix: 'Weights',
  context: 'Longest context',
  tokens: (count) => `${count} tokens`,
  licence: 'Licence',
  noLicence: 'Its files do not say',
  template: 'How a message is put to it',
  pictures: 'Pictures',
  seesBy: (file, bytes) =>
    `Sees them by ${file} (${bytes}), through llama.cpp on the processor. On the graphics it reads text only.`,
  alsoEyes: (file, bytes) =>
    `Beside it lies ${file} (${bytes}). With that file too it answers about pictures, slowly, through llama.cpp on the processor.`,
  withEyes: (file) => `Take ${file} along`,
  withoutEyes: 'Leave the file for pictures out',
  memory: 'Memory on the GPU',
  memoryAt: (bytes, tokens) => `${bytes} with ${tokens} tokens of context`,
  fit: 'Does it fit here?',
  fits: (has) => `Yes: about ${has} can be had`,
  tight: (has) => `Perhaps: the browser vouches for ${has} only, and a test before loading will tell`,
  tooLarge: (has) => `No: this device has about ${has} for it`,
  inSoftware: 'Hardly: this browser computes WebGPU in software, so a word takes seconds',
  smallInstead: 'Small and quick instead:',
  smallOnProcessor: 'Small models that are of use there; each is asked about before it is fetched:',
  whyOwn: 'the usual choice for this model.',
  processorToo: 'The processor can run this model too, many times slower. Benchmark compares the two.',
  lineTakes: (time) => `At what this line brings, it takes about ${time}.`,
  repository: (name, count) => `${name} has ${count === 1 ? 'one GGUF file' : `${count} GGUF files`}`,
  repositoryLead:
    'They differ in how exactly they keep the weights. Q4_K_M is the usual choice; larger ones are a little better and slower.',
  parts: (bytes, count) => (count === 1 ? bytes : `${bytes} in ${count} parts`),
  look: (file) => `Look at ${file}`,
  reading: 'Reading what its files say of it…',
};
