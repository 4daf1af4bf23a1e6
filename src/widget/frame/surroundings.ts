// What a browser lets this frame keep, by what the page around it has made of the frame. Each row was measured in
// Chromium; a browser that answers otherwise is asked, not guessed at.

/**
 * `kept`: as on any site, in a place of its own for each site that embeds it. `until-closed`: kept and thrown away with
 * the page (a `credentialless` frame). `nothing`: storage is refused. `no-origin`: a sandbox without
 * `allow-same-origin`, where not even the app's own scripts may be started as workers.
 */
export type FrameStorage = 'kept' | 'until-closed' | 'nothing' | 'no-origin';

/** What of a window is asked. */
export interface Surroundings {
  readonly origin: string;
  readonly credentialless?: boolean;
  /** Reading it throws where storage is refused. */
  readonly indexedDB?: unknown;
}

export function frameStorage(frame: Surroundings): FrameStorage {
  if (frame.origin === 'null') return 'no-origin';
  try {
    if (typeof frame.indexedDB !== 'object' || frame.indexedDB === null) return 'nothing';
  } catch {
    return 'nothing';
  }
  return frame.credentialless === true ? 'until-closed' : 'kept';
}
