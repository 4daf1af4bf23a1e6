// Made by scripts/serving/help-answers.mjs from training/corpus/facts.json.
declare module 'virtual:help-answers' {
  interface HelpAnswer {
    readonly title: string;
    readonly answer: string;
  }
  /** By the id of the fact. */
  export const answers: Readonly<Record<string, Readonly<Record<'en' | 'pt', HelpAnswer>>>>;
}
