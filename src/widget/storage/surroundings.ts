// What a browser lets this frame keep, by what the page around it has made of the frame. Each row was measured in
// Chromium; a browser that answers otherwise is asked, not guessed at.

/**
 * `kept`: as on any site, in a place of its own for each site that embeds it. `until-closed`: kept and thrown away with
 * the page (a `credentialless` frame). `nothing`: storage is refused.
 */
export type FrameStorage = 'kept' | 'until-closed' | 'nothing';

/** What of a window is asked. */
export interface Surroundings {
  readonly credentialless?: boolean;
  /** Where storage is refused, reading it throws, or what it is asked fails. */
  readonly indexedDB?: { readonly databases?: () => Promise<unknown> } | undefined;
}

export async function frameStorage(frame: Surroundings): Promise<FrameStorage> {
  try {
    const { indexedDB } = frame;
    if (typeof indexedDB !== 'object') return 'nothing';
    await indexedDB.databases?.();
  } catch {
    return 'nothing';
  }
  return frame.credentialless === true ? 'until-closed' : 'kept';
}
