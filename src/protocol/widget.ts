// What a host page and the frame with the chat say to each other. The first message, by window.postMessage, carries a
// MessagePort; everything after it goes over that port. Neither side trusts the other: every message is held against
// these guards, what is not known is ignored, and no field is longer than its limit.

export const widgetNamespace = 'phield';
export const widgetVersion = 1;

export const widgetLimits = {
  /** UTF-16 units of a message that the host sends in a person's name. */
  text: 8_000,
  /** Of what the host says about the page. */
  context: 8_000,
  /** Of what a host that may instruct says before every conversation. */
  system: 4_000,
  /** Of knowledge that comes over the port. */
  knowledge: 1_000_000,
  /** Messages of a host within `windowMs`; more are dropped. */
  messages: 40,
  windowMs: 10_000,
} as const;

export type WidgetTheme = 'light' | 'dark' | 'system';
export type WidgetLanguage = 'en' | 'pt' | 'system';

/** From the host, by window.postMessage, with one port. */
export interface Hello {
  readonly ns: typeof widgetNamespace;
  readonly v: typeof widgetVersion;
  readonly type: 'hello';
}

export type HostMessage =
  | { readonly type: 'send'; readonly text: string }
  | { readonly type: 'setTheme'; readonly theme: WidgetTheme }
  | { readonly type: 'setContext'; readonly text: string }
  /** Said before every conversation, after the deployer's own words: of a host that the deployer lets instruct. */
  | { readonly type: 'setSystem'; readonly text: string }
  /** Markdown, or JSON of questions and answers: data that answers are looked up in. */
  | { readonly type: 'knowledge'; readonly text: string }
  /** Whether a person sees the frame. */
  | { readonly type: 'shown'; readonly shown: boolean }
  /** Asks the model itself. What is in `request` is read where it is answered: protocol/completions.ts. */
  | { readonly type: 'complete'; readonly id: string; readonly request: unknown }
  | { readonly type: 'stop'; readonly id: string };

export type FrameMessage =
  | { readonly type: 'ready'; readonly model: string }
  | { readonly type: 'load-progress'; readonly fraction: number }
  | { readonly type: 'message-start'; readonly id: string }
  /** `text` only where the deployer lets this host read the conversation. */
  | { readonly type: 'token'; readonly id: string; readonly text?: string }
  | { readonly type: 'message-end'; readonly id: string; readonly status: string; readonly text?: string }
  | { readonly type: 'error'; readonly code: string }
  | { readonly type: 'unread'; readonly count: number }
  | { readonly type: 'resize'; readonly heightPx: number }
  /** Escape was pressed in the frame. */
  | { readonly type: 'close' }
  /** This host is heard. */
  | { readonly type: 'welcome' }
  /** The person is asked something, and has to see it. */
  | { readonly type: 'asking' }
  | { readonly type: 'completion'; readonly id: string; readonly text: string }
  | {
      readonly type: 'completion-end';
      readonly id: string;
      readonly model: string;
      readonly finishReason: 'stop' | 'length';
      readonly promptTokens: number;
      readonly completionTokens: number;
    }
  | {
      readonly type: 'completion-failed';
      readonly id: string;
      readonly code: string;
      readonly message: string;
    };

export function isHello(data: unknown): data is Hello {
  const { ns, v, type } = fieldsOf(data);
  return ns === widgetNamespace && v === widgetVersion && type === 'hello';
}

/** The message without whatever else came with it; undefined for one that is unknown or too large. */
export function readHostMessage(data: unknown): HostMessage | undefined {
  const { type, text, theme, shown, id, request } = fieldsOf(data);
  const short = (limit: number): string | undefined =>
    typeof text === 'string' && text.length <= limit ? text : undefined;
  switch (type) {
    case 'send': {
      const said = short(widgetLimits.text);
      return said === undefined || said.trim() === '' ? undefined : { type, text: said };
    }
    case 'setContext': {
      const said = short(widgetLimits.context);
      return said === undefined ? undefined : { type, text: said };
    }
    case 'setSystem': {
      const said = short(widgetLimits.system);
      return said === undefined ? undefined : { type, text: said };
    }
    case 'knowledge': {
      const said = short(widgetLimits.knowledge);
      return said === undefined ? undefined : { type, text: said };
    }
    case 'setTheme':
      return theme === 'light' || theme === 'dark' || theme === 'system' ? { type, theme } : undefined;
    case 'shown':
      return typeof shown === 'boolean' ? { type, shown } : undefined;
    case 'complete':
      return isCallId(id) ? { type, id, request } : undefined;
    case 'stop':
      return isCallId(id) ? { type, id } : undefined;
    default:
      return undefined;
  }
}

/** A host's name for a request of its own. */
function isCallId(id: unknown): id is string {
  return typeof id === 'string' && /^[\w-]{1,40}$/.test(id);
}

const frameTypes = new Set<unknown>([
  'ready',
  'load-progress',
  'message-start',
  'token',
  'message-end',
  'error',
  'unread',
  'resize',
  'close',
  'welcome',
  'asking',
  'completion',
  'completion-end',
  'completion-failed',
] satisfies FrameMessage['type'][]);

/** The frame is of our own origin: its messages are known by their type. */
export function isFrameMessage(data: unknown): data is FrameMessage {
  return frameTypes.has(fieldsOf(data)['type']);
}

/** Own fields alone: nothing that a message inherits or that an accessor makes up. */
function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return {};
  return Object.fromEntries(Object.entries(data));
}

/** Lets `limit` calls through within `windowMs`. */
export class RateLimit {
  readonly #timesMs: number[] = [];

  constructor(
    private readonly limit: number = widgetLimits.messages,
    private readonly windowMs: number = widgetLimits.windowMs,
    private readonly now: () => number = Date.now,
  ) {}

  allows(): boolean {
    const now = this.now();
    while (this.#timesMs[0] !== undefined && this.#timesMs[0] <= now - this.windowMs) this.#timesMs.shift();
    if (this.#timesMs.length >= this.limit) return false;
    this.#timesMs.push(now);
    return true;
  }
}
