// Takes a model: remembered for the next start, and loaded now.
import { useCallback } from 'react';
import { useApp } from '../app-context';

export function useChooseModel(): (model: string) => void {
  const { chat, session, settings } = useApp();
  return useCallback(
    (model) => {
      settings.update({ model });
      forgetAddressModel();
      // The engine that is answering is about to go.
      chat.stop();
      void session.load(model, { agreed: true });
    },
    [chat, session, settings],
  );
}

/** A link's model is for the visit that began with it; a reload must not undo a later choice. */
function forgetAddressModel(): void {
  const address = new URL(location.href);
  if (!address.searchParams.has('model')) return;
  address.searchParams.delete('model');
  history.replaceState(history.state, '', address);
}
