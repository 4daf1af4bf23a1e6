// Whether the menu of models is open: it can be opened from elsewhere, where something needs another model.
import { Subscribable } from '../../../chat/subscribable';

export const modelMenu = new Subscribable(false);

export function openModelMenu(): void {
  modelMenu.set(true);
}
