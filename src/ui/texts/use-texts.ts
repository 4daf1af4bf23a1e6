// The words of the language that is wanted, as soon as they are here.
import { useEffect, useState } from 'react';
import type { LanguageChoice } from '../../chat/settings/settings';
import type { Texts } from './en';
import { languageFor, loadTexts, textsFor } from './texts';

export function useTexts(choice: LanguageChoice): Texts {
  const [, setArrived] = useState(0);
  useEffect(() => {
    let gone = false;
    void loadTexts(languageFor(choice, navigator.languages)).then(() => {
      if (!gone) setArrived((count) => count + 1);
    });
    return () => {
      gone = true;
    };
  }, [choice]);
  return textsFor(choice, navigator.languages);
}
