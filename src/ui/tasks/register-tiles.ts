// The first screen's tiles lead to the tasks' pages.
import { isAbort } from '../../base/errors';
import { registerEntry, type Entry } from '../common/entries';
import { leaveFile } from './dropped-file';
import { taskHref, type TaskName } from './task-words';

const tiles: readonly (Pick<Entry, 'icon' | 'need' | 'takesFiles'> & { readonly name: TaskName })[] = [
  { name: 'summarise', icon: 'documents', need: 'larger', takesFiles: true },
  { name: 'extract', icon: 'table', need: 'larger', takesFiles: true },
  { name: 'write', icon: 'pen', need: 'larger' },
  { name: 'story', icon: 'story', need: 'any' },
];

export function registerTaskTiles(): void {
  for (const { name, icon, need, takesFiles = false } of tiles)
    registerEntry({
      id: name,
      icon,
      need,
      takesFiles,
      title: (texts) => texts.start.tiles[name as 'summarise'].title,
      note: (texts) => texts.start.tiles[name as 'summarise'].note,
      open: ({ shelf }, [first, ...more]) => {
        // The first goes into the form, the others to the shelf.
        if (first) leaveFile(first);
        for (const file of more)
          shelf.add(file).catch((thrown: unknown) => {
            // Told on the Documents page, where files that could not be read are listed.
            if (!isAbort(thrown)) console.info('A file could not be read.', thrown);
          });
        location.hash = taskHref(name);
      },
    });
}
