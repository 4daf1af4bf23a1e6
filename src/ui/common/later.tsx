// Parts of the page that the first paint does without. One that cannot be fetched takes nothing else down, and can be asked
// for again.
import {
  createContext,
  lazy,
  useContext,
  useEffect,
  useState,
  type ComponentType,
  type ReactNode,
} from 'react';
import { AppContext } from '../app-context';
import { idleAfterPaint } from './first-paint';
import { Icon } from './icons';

type Load<Props> = () => Promise<ComponentType<Props>>;

export interface PartOptions {
  /** Beside other things, which do without it: nothing stands in its place until it can be fetched. */
  readonly small?: true;
  /** Of what was opened over the page: puts it away when it cannot be fetched. */
  readonly leave?: () => void;
}

/** Fetched when it is first shown. */
export function onDemand<Props extends object>(
  load: Load<Props>,
  options: PartOptions = {},
): (props: Props) => ReactNode {
  return partOf(load, options).Part;
}

/**
 * Fetched after the first paint all the same, so that a click waits for nothing: once it has come it is there in the same
 * render, where React's own lazy would show its fallback for a moment first.
 */
export function later<Props extends object>(
  load: Load<Props>,
  options: PartOptions = {},
): (props: Props) => ReactNode {
  const { Part, start } = partOf(load, options);
  // Where it cannot be had, that is said when it is shown.
  void idleAfterPaint().then(() => start().catch(() => {}));
  return Part;
}

interface Tries {
  readonly again: () => void;
  readonly forget: () => void;
}
const Tried = createContext<Tries>({ again: () => {}, forget: () => {} });

function partOf<Props extends object>(load: Load<Props>, options: PartOptions) {
  let here: ComponentType<Props> | undefined;
  let loading: Promise<ComponentType<Props>> | undefined;
  let failures = 0;
  const start = (): Promise<ComponentType<Props>> =>
    (loading ??= load().then(
      (component) => (here = component),
      (error: unknown) => {
        loading = undefined;
        failures += 1;
        throw error;
      },
    ));
  const Missing = (): ReactNode => <MissingPart {...options} reload={failures > 1} />;
  // Each try is another one: React's lazy keeps what it was given, a failure too. And a failure is no fault of the render:
  // Firefox ends what is being fetched when a page is left, while that page can still be seen.
  const attempt = () =>
    lazy<ComponentType<Props>>(() =>
      start().then(
        (component) => ({ default: component }),
        () => ({ default: Missing }),
      ),
    );
  let coming: ComponentType<Props> | undefined;
  const forget = (): void => {
    coming = undefined;
  };
  // Kept here: React forgets the state of what has suspended before it was ever shown.
  const now = (): ComponentType<Props> => here ?? (coming ??= attempt());
  const Part = (props: Props): ReactNode => {
    // The same one for as long as it is shown: another would begin anew.
    const [Component, choose] = useState<ComponentType<Props>>(now);
    const again = (): void => {
      forget();
      choose(now);
    };
    return (
      <Tried value={{ again, forget }}>
        <Component {...props} />
      </Tried>
    );
  };
  return { Part, start };
}

/** @param reload Firefox gives a module that failed once for failed until the page is loaded anew; Chromium asks again. */
function MissingPart({ small, leave, reload }: PartOptions & { readonly reload: boolean }): ReactNode {
  const { again, forget } = useContext(Tried);
  const texts = useContext(AppContext)?.texts;
  useEffect(() => {
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  });
  // Shown another time, it is tried another time.
  useEffect(() => forget, [forget]);
  if (small) return null;
  return (
    <div className={leave ? 'region-broke region-over' : 'region-broke'} role="alert">
      <p>{texts?.partMissing}</p>
      <button type="button" className="button" onClick={reload ? () => location.reload() : again}>
        {reload ? texts?.reload : texts?.tryAgain}
      </button>
      {leave && (
        <button type="button" className="icon-button" aria-label={texts?.dismiss} onClick={leave}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
