import { lazy, useState, type ComponentType, type ReactNode } from 'react';
import { idleAfterPaint } from './first-paint';

/**
 * What the first paint does without. Fetched after it all the same, so that a click waits for nothing: once it has
 * come it is there in the same render, where React's own lazy would show its fallback for a moment first.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): (props: Props) => ReactNode {
  let here: ComponentType<Props> | undefined;
  let loading: Promise<ComponentType<Props>> | undefined;
  const start = (): Promise<ComponentType<Props>> =>
    (loading ??= load().then((component) => (here = component)));
  // Where it cannot be had, the boundary around it says so when it is asked for.
  void idleAfterPaint().then(() => start().catch(() => {}));
  const Coming = lazy(() => start().then((component) => ({ default: component })));
  return function Later(props) {
    // The same one for as long as it is shown: another would begin anew.
    const [Component] = useState<ComponentType<Props>>(() => here ?? Coming);
    return <Component {...props} />;
  };
}
