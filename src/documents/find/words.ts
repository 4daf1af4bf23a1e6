// Words as the search sees them, English and Portuguese alike: without accents, without the words that every sentence
// has, and without the endings that a question may use differently from the text. Both sides go through the same.

const stopWords = new Set(
  (
    'a an and are as at be but by can did do does for from had has have how i if in into is it its me my no not of on ' +
    'or our shall she should so than that the their them then there these they this to us was we were what when where ' +
    'which who whom why will with would you your about ' +
    'ao aos as com como da das de dela dele do dos e ela ele elas eles em entre era essa esse esta este eu foi ha isso ' +
    'isto ja lhe mais mas me meu minha muito na nas nem no nos o os ou para pela pelas pelo pelos por pra qual quais ' +
    'quando quanto que quem se sem ser seu seus sua suas sao tem um uma umas uns onde voce vao sobre'
  ).split(' '),
);

/** Lower case without accents; the same for both languages. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
}

export function tokenize(text: string): string[] {
  // Numbers keep their points and commas: 3,14 is one word, and so is 1.500,00.
  return text.match(/\p{N}+(?:[.,:/]\p{N}+)*%?|[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** The word's stem, or null for one that finds nothing. */
export function toTerm(word: string): string | null {
  const folded = fold(word);
  if (stopWords.has(folded)) return null;
  return /^\p{L}+$/u.test(folded) ? stem(folded) : folded;
}

/** Plurals, then the commonest endings of verbs and adverbs, then a last vowel. Never shorter than three letters. */
export function stem(word: string): string {
  let stemmed = word;
  const cut = (ending: RegExp, by: string, least: number): boolean => {
    if (stemmed.length < least || !ending.test(stemmed)) return false;
    stemmed = stemmed.replace(ending, by);
    return true;
  };
  // Portuguese: acoes, animais, papeis; English: stories, boxes, days.
  const plural =
    cut(/(?:coes|caes)$/, 'cao', 6) ||
    cut(/oes$/, 'ao', 5) ||
    cut(/ais$/, 'al', 5) ||
    cut(/eis$/, 'el', 5) ||
    cut(/ies$/, 'y', 5) ||
    cut(/(?<=sh|ch|ss|x|z|r)es$/, '', 5) ||
    cut(/(?<=[^s])s$/, '', 4);
  if (!plural || stemmed.length > 5) {
    if (!cut(/(?:amente|emente|imente)$/, '', 9)) cut(/(?<=[a-z]{4})ly$/, '', 6);
    if (!cut(/(?<=[a-z]{3})(?:ing|ed)$/, '', 6))
      cut(/(?<=[a-z]{4})(?:ado|ada|ido|ida|ando|endo|indo|ar|er|ir)$/, '', 6);
  }
  cut(/y$/, 'i', 4);
  cut(/(?<=[a-z]{3})[aeo]$/, '', 4);
  return stemmed;
}
