// Whether the search over everything is open.
import { Subscribable } from '../../chat/subscribable';

export const palette = new Subscribable(false);

export function openPalette(): void {
  palette.set(true);
}
