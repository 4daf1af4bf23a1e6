// What a link carries behind the # of its address, past a prefix of its kind: a persona, a conversation.
import { useEffect, useState } from 'react';

export interface Carried {
  /** Of the newest such link; undefined while there was none, or once it is dropped. */
  readonly code: string | undefined;
  /** @returns whether the address still carries one. */
  readonly drop: () => boolean;
}

export function useCarried(prefix: string): Carried {
  const [code, setCode] = useState(() => codeIn(location.hash, prefix));
  useEffect(() => {
    const follow = (): void => setCode((before) => codeIn(location.hash, prefix) ?? before);
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [prefix]);
  const drop = (): boolean => {
    setCode(undefined);
    return codeIn(location.hash, prefix) !== undefined;
  };
  return { code, drop };
}

function codeIn(hash: string, prefix: string): string | undefined {
  return hash.startsWith(prefix) ? hash.slice(prefix.length) : undefined;
}
