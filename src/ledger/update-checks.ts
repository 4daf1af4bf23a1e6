// The service worker's script is fetched by the browser, which lists it nowhere a page could look: who makes it do so says so.
import { note } from './book';

export function noteUpdateCheck(): void {
  note({ at: Date.now(), host: location.host, purpose: 'update', sentBytes: 0 });
}
