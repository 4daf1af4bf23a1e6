// The larger model elsewhere, fetched where it is wanted.
import { useEffect } from 'react';
import { Subscribable, type Readable } from '../../chat/subscribable';
import type { Remote } from '../../remote/remote';
import { useApp, useStore } from '../app-context';

const nowhere: Readable<Remote | undefined> = new Subscribable(undefined);

export function useRemote(): Remote | undefined {
  const { remote } = useApp();
  useEffect(() => void remote?.load().catch(() => {}), [remote]);
  return useStore(remote ?? nowhere, (state) => state);
}
