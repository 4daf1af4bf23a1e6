import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

/** What the first paint does without. Fetched beside it all the same, so that a click waits for nothing. */
export function later<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  const loaded = load();
  // Where it cannot be had, the boundary around it says so when it is asked for.
  loaded.catch(() => {});
  return lazy(() => loaded.then((component) => ({ default: component })));
}
