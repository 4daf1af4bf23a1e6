// What the tabs and frames of one origin say to each other about the engine, over a BroadcastChannel: ports cannot be
// sent through one, so a message names whom it is for.

export type BusMessage = { readonly v: 1; readonly from: string } & (
  | { readonly kind: 'who' }
  /** Who has the engine: to all when it begins, to one that has asked. */
  | { readonly kind: 'leader'; readonly to?: string }
  | { readonly kind: 'call'; readonly to: string; readonly body: unknown }
  | { readonly kind: 'answer'; readonly to: string; readonly body: unknown }
);

/** What of a BroadcastChannel is used. */
export interface Bus {
  postMessage(message: BusMessage): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  close(): void;
}

export function isBusMessage(data: unknown): data is BusMessage {
  if (typeof data !== 'object' || data === null) return false;
  const { v, from, kind, to } = data as Readonly<Record<string, unknown>>;
  if (v !== 1 || typeof from !== 'string') return false;
  if (kind === 'who') return true;
  if (kind === 'leader') return to === undefined || typeof to === 'string';
  return (kind === 'call' || kind === 'answer') && typeof to === 'string';
}
