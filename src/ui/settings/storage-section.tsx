// Where models are to be kept from now on.
import { asStorageWay, type StorageWay } from '../../base/storage-way';
import { useApp, useStore } from '../app-context';
import { Choice } from './fields';

export function StorageSection() {
  const { texts, settings } = useApp();
  const { storage } = useStore(settings, (state) => state.settings);
  const { places } = texts;
  return (
    <div className="fields">
      <Choice<StorageWay | 'auto'>
        label={places.label}
        help={places.help}
        options={places.options}
        value={storage ?? 'auto'}
        onChange={(choice) => settings.update({ storage: asStorageWay(choice) })}
      />
    </div>
  );
}
