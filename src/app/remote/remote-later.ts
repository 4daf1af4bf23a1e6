// Whether there is a larger model elsewhere, known at once; everything of it fetched only where there is one, or where a
// person looks at its settings.
import { Subscribable } from '../../chat/subscribable';
import type { TextStorage } from '../../chat/settings/settings';
import type { Remote } from '../../remote/remote';
import type { RemoteAccess } from '../../ui/app-context';

export function remoteLater(storage: TextStorage | undefined, appBase: string): RemoteAccess {
  const state = new Subscribable<Remote | undefined>(undefined);
  let loading: Promise<Remote> | undefined;
  const load = (): Promise<Remote> =>
    (loading ??= import('./load-remote').then(
      ({ createRemote }) => {
        const remote = createRemote(storage, appBase);
        state.set(remote);
        return remote;
      },
      (thrown: unknown) => {
        loading = undefined;
        throw thrown;
      },
    ));
  // Of src/remote/remote.ts, whose module is not to be fetched for it.
  if (storage?.getItem('phield-remote')) void load().catch(() => {});
  return { getState: state.getState, subscribe: state.subscribe, load };
}
