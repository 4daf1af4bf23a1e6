// What the Help page says comes from the list that phield-tiny was taught from, so that the two cannot disagree: a module
// `virtual:help-answers`, without the wordings that only training needs.
import { readFileSync } from 'node:fs';

const name = 'virtual:help-answers';
const source = new URL('../../training/corpus/facts.json', import.meta.url);

/** @returns {import('vite').Plugin} */
export function helpAnswers() {
  return {
    name: 'help-answers',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      /** @type {{ id: string, en: Fact, pt: Fact }[]} @typedef {{ title: string, answer: string }} Fact */
      const facts = JSON.parse(readFileSync(source, 'utf8'));
      const said = facts.map(({ id: fact, en, pt }) => [fact, { en: of(en), pt: of(pt) }]);
      return `export const answers = ${JSON.stringify(Object.fromEntries(said))};`;
    },
  };
}

/** @param {{ title: string, answer: string }} fact */
const of = ({ title, answer }) => ({ title, answer });
