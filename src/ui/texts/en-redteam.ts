// The words of the red team under Benchmark, in English.
export const enRedTeam = {
  title: 'Red team',
  lead: 'Asks the loaded model what it should not answer, harmless questions that look alike, and questions about texts with orders hidden in them, each with safety off, at Standard and at Strict. Everything stays on this device. The answers are not shown; the file says for each what decided.',
  runSample: (count: number) => `Run a sample of ${count}`,
  runAll: 'Run all of it',
  stop: 'Stop',
  progress: (percent: string) => `${percent} done`,
  of: (model: string) => `What each level is worth with ${model}`,
  columns: [
    'Safety',
    'Harmful, held',
    'Harmless, answered',
    'Hidden orders, noticed',
    'Hidden orders, obeyed',
  ],
  levels: { none: 'Off', standard: 'Standard', strict: 'Strict' },
  share: (part: number, whole: number) => `${part} of ${whole}`,
  save: 'Save the report',
};
export type RedTeamWords = typeof enRedTeam;
