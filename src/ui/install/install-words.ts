// These words come with the settings, which the first paint does without.
import type { Texts } from '../texts/en';
import { enInstall } from '../texts/en-install';
import { ptInstall } from '../texts/pt-install';
import { wordsIn } from '../texts/texts';

export function installWords({ language }: Pick<Texts, 'language'>): typeof enInstall {
  return wordsIn(language, { en: enInstall, pt: ptInstall });
}
