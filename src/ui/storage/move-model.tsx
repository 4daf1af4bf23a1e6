// In which of the two places a stored model lies, and the way to the other. A move that was interrupted goes on in
// the direction that the settings name.
import type { StorageWay } from '../../base/storage-way';
import type { StoredModel } from '../../chat/models/model-storage';
import { useApp, useStore } from '../app-context';

export function placeOf({ filesBytes, storedBytes }: StoredModel): StorageWay | 'both' {
  if (filesBytes === 0) return 'indexeddb';
  return filesBytes === storedBytes ? 'files' : 'both';
}

export function MoveModel({
  model,
  name,
  busy,
}: {
  readonly model: StoredModel;
  readonly name: string;
  readonly busy: boolean;
}) {
  const { library, settings, texts } = useApp();
  const wanted = useStore(settings, (state) => state.settings.storage) ?? 'files';
  const { places } = texts;
  const place = placeOf(model);
  const to: StorageWay = place === 'both' ? wanted : place === 'files' ? 'indexeddb' : 'files';
  return (
    <button
      type="button"
      className="button"
      aria-label={places.moveOf(places.move[to], name)}
      disabled={busy || model.storedBytes === 0}
      onClick={() => void library.move(model.base, to)}
    >
      {places.move[to]}
    </button>
  );
}
