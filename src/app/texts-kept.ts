// The browser's two stores of texts, as far as it allows them: reading one itself throws where it is forbidden.

/** Kept until it is deleted. */
export const localTexts = (): Storage | undefined => allowed(() => window.localStorage);

/** Kept while the tab is open. */
export const tabTexts = (): Storage | undefined => allowed(() => window.sessionStorage);

function allowed(read: () => Storage): Storage | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
