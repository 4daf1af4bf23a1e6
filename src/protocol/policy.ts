// What the browser holds the app to on this host, as the page and its workers found it by trying.

/** Of one realm: whether a foreign address and a string as code were refused to it. */
export interface Bounds {
  readonly network: boolean;
  readonly code: boolean;
}

export interface PolicyFindings {
  readonly page: Bounds;
  /** Undefined where it does not run, or did not answer. */
  readonly engine: Bounds | undefined;
  readonly store: Bounds | undefined;
  /** Whether other sites are kept from showing the app in a frame; undefined where the host could not be asked. */
  readonly framing: boolean | undefined;
}
