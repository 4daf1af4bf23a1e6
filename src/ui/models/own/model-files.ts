// Files of models that reach the page from outside: dropped on it, or opened by the system with the installed app. They
// go to the import, which says what they are before anything is stored; everything else is for the message box.
import { filesForComposer } from '../../documents/attachments';
import { HandedFiles } from '../../common/handed-files';
import { pageHref, readRoute } from '../../common/route';

/** For the import on the storage page. */
export const modelFiles = new HandedFiles();

const isModel = ({ name }: File): boolean => /\.gguf$/i.test(name);

/** To where each is read. @param go to the page of that hash. */
export function handToPage(files: readonly File[], go: (hash: string) => void): void {
  const models = files.filter(isModel);
  const rest = files.filter((file) => !isModel(file));
  if (rest.length > 0) filesForComposer.hand(rest);
  if (models.length === 0) return;
  modelFiles.hand(models);
  go(pageHref('storage'));
}

/** Pages where whatever is dropped is meant to be a model. */
const isAboutModels = (hash: string): boolean => ['models', 'storage'].includes(readRoute(hash).page);

/**
 * Files dropped anywhere on the page: those of models, before whatever lies under the pointer takes them for documents.
 * @returns the way to stop.
 */
export function followDrops(page: Window, go: (hash: string) => void): () => void {
  const dragged = (event: DragEvent): void => {
    // Names are not told before the drop. Elsewhere the message box says whether it takes files.
    if (isAboutModels(page.location.hash) && event.dataTransfer?.types.includes('Files'))
      event.preventDefault();
  };
  const dropped = (event: DragEvent): void => {
    const files = [...(event.dataTransfer?.files ?? [])];
    const isOurs = isAboutModels(page.location.hash);
    if (files.length === 0 || !(isOurs || files.some(isModel))) return;
    event.preventDefault();
    event.stopPropagation();
    if (!isOurs) {
      handToPage(files, go);
      return;
    }
    modelFiles.hand(files);
    go(pageHref('storage'));
  };
  page.addEventListener('dragover', dragged);
  page.addEventListener('drop', dropped, { capture: true });
  return () => {
    page.removeEventListener('dragover', dragged);
    page.removeEventListener('drop', dropped, { capture: true });
  };
}
