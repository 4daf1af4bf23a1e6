// Keeps a scroller at its end while its content grows, and yields the moment the person scrolls up.
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';

export interface ScrollGeometry {
  readonly scrollTop: number;
  readonly clientHeight: number;
  readonly scrollHeight: number;
}

/** Distance from the end that still counts as being there, CSS pixels: fractional layout and a rubber band. */
const slackPx = 24;

export function isAtEnd({ scrollTop, clientHeight, scrollHeight }: ScrollGeometry): boolean {
  return scrollHeight - clientHeight - scrollTop <= slackPx;
}

/** Whether to go on sticking after a scroll from `lastTop`: up lets go, reaching the end takes hold again. */
export function sticksAfterScroll(sticking: boolean, lastTop: number, now: ScrollGeometry): boolean {
  if (isAtEnd(now)) return true;
  return sticking && now.scrollTop >= lastTop;
}

export interface StickToEnd {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly atEnd: boolean;
  readonly toEnd: () => void;
}

/** @param following false while there is nothing to follow, and the start is what should be seen. */
export function useStickToEnd(following: boolean): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticking = useRef(true);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    sticking.current = following;
    setAtEnd(true);
    const element = scroller.current;
    if (element) element.scrollTop = following ? element.scrollHeight : 0;
  }, [following]);

  useEffect(() => {
    const element = scroller.current;
    const inner = content.current;
    if (!element || !inner) return;
    let lastTop = element.scrollTop;
    const onScroll = (): void => {
      sticking.current = following && sticksAfterScroll(sticking.current, lastTop, element);
      lastTop = element.scrollTop;
      setAtEnd(!following || sticking.current);
    };
    const onGrow = (): void => {
      if (sticking.current) element.scrollTop = element.scrollHeight;
      else setAtEnd(!following || isAtEnd(element));
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    const observer = new ResizeObserver(onGrow);
    observer.observe(inner);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, [following]);

  return { scroller, content, atEnd, toEnd };
}
