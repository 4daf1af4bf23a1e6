// What a person sees of the page's use of their model: the question before the first time, what is under way, and the way
// back. The page around decides how the frame looks, so "Allow" works only while the browser says that it is in plain sight.
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useApp, useStore } from '../../ui/app-context';
import { mayTakeFocus } from '../../ui/chat/focus';
import { hostWords } from '../../ui/texts/host-words';
import type { HostGrants } from '../../chat/settings/host-grants';
import type { HostCompletions } from './completions';

export interface HostAsksProps {
  readonly completions: HostCompletions;
  readonly grants: HostGrants;
}

export function HostAsks({ completions, grants }: HostAsksProps): ReactNode {
  const { language } = useApp().texts;
  const words = hostWords(language);
  const state = useStore(completions, (now) => now);
  const { origin } = completions;
  const granted = useStore(grants, (list) => list.some((grant) => grant.origin === origin));
  if (state === 'asking') return <Question completions={completions} />;
  if (!granted) return null;
  return (
    <div className="frame-note frame-host" role="status">
      <p>{state === 'running' ? words.using : words.may}</p>
      {state === 'running' && (
        <button type="button" className="button button-small" onClick={() => completions.stop()}>
          {words.stop}
        </button>
      )}
      {/* In a row of its own, at the lower end, which stays: what comes and goes above it puts no other button there. */}
      <div>
        <button type="button" className="button button-small" onClick={() => grants.revoke(origin)}>
          {words.takeBack}
        </button>
      </div>
    </div>
  );
}

function Question({ completions }: Pick<HostAsksProps, 'completions'>): ReactNode {
  const words = hostWords(useApp().texts.language);
  const box = useRef<HTMLElement>(null);
  const inSight = useInSight(box);
  // To the question and not to a button: what is being typed must answer nothing. And not from the page that asks.
  useEffect(() => {
    if (mayTakeFocus()) box.current?.focus();
  }, []);
  return (
    <section
      ref={box}
      tabIndex={-1}
      className="frame-ask"
      role="alertdialog"
      aria-labelledby="host-asks"
      aria-describedby="host-means"
    >
      <p id="host-asks">
        <strong>{words.asks(completions.origin)}</strong>
      </p>
      <p id="host-means">{words.means}</p>
      <div className="links">
        <button type="button" className="button" disabled={!inSight} onClick={() => completions.answer(true)}>
          {words.allow}
        </button>
        <button type="button" className="button" onClick={() => completions.answer(false)}>
          {words.refuse}
        </button>
      </div>
      {!inSight && <p className="note">{words.covered}</p>}
    </section>
  );
}

/** For so long it has to have been in sight: a click that was meant for something else comes sooner. */
const settleMs = 500;
const askAgainMs = 1000;

interface VisibilityOptions extends IntersectionObserverInit {
  readonly trackVisibility: boolean;
  readonly delay: number;
}

/**
 * Whether all of it is on the screen and, where the browser can tell (Chromium), neither covered, faded nor distorted by
 * the page around (Intersection Observer, version 2).
 */
function useInSight(target: RefObject<HTMLElement | null>): boolean {
  const [inSight, setInSight] = useState(false);
  useEffect(() => {
    const element = target.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let seen = false;
    const options: VisibilityOptions = { threshold: [0, 0.95], trackVisibility: true, delay: 100 };
    const observer = new IntersectionObserver((entries) => {
      const entry: (IntersectionObserverEntry & { readonly isVisible?: boolean }) | undefined =
        entries.at(-1);
      clearTimeout(timer);
      seen = (entry?.isVisible ?? true) && (entry?.intersectionRatio ?? 0) >= 0.95;
      if (seen) timer = setTimeout(() => setInSight(true), settleMs);
      else setInSight(false);
    }, options);
    observer.observe(element);
    // What covers a frame is the page's to find out, in another process, which may not draw again for a long time: a first
    // "not seen" is asked about anew.
    const again = setInterval(() => {
      if (seen) return;
      observer.unobserve(element);
      observer.observe(element);
    }, askAgainMs);
    return () => {
      clearInterval(again);
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [target]);
  return inSight;
}
