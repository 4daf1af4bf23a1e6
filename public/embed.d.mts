// Types of embed.mjs, for the pages that import it.

export type WidgetTheme = 'light' | 'dark' | 'system';
export type WidgetLanguage = 'en' | 'pt' | 'system';

export interface WidgetOptions {
  readonly src?: string;
  readonly model?: string;
  readonly theme?: WidgetTheme;
  readonly position?: 'right' | 'left';
  readonly lang?: WidgetLanguage;
  /** An address that your page may read, or `#id` of an element of it. */
  readonly knowledge?: string;
  readonly launcher?: boolean;
  readonly target?: HTMLElement;
}

export interface WidgetEvents {
  readonly ready: { readonly type: 'ready'; readonly model: string };
  readonly 'load-progress': { readonly type: 'load-progress'; readonly fraction: number };
  readonly 'message-start': { readonly type: 'message-start'; readonly id: string };
  readonly token: { readonly type: 'token'; readonly id: string; readonly text?: string };
  readonly 'message-end': {
    readonly type: 'message-end';
    readonly id: string;
    readonly status: string;
    readonly text?: string;
  };
  readonly error: { readonly type: 'error'; readonly code: string };
  readonly unread: { readonly type: 'unread'; readonly count: number };
  readonly resize: { readonly type: 'resize'; readonly heightPx: number };
  readonly close: { readonly type: 'close' };
  readonly welcome: { readonly type: 'welcome' };
  readonly asking: { readonly type: 'asking' };
}

export interface CompletionRequest {
  /** Taken for the sake of OpenAI's shape: it is always the person's own model that answers. */
  readonly model?: string;
  readonly messages: readonly {
    readonly role: 'system' | 'developer' | 'user' | 'assistant';
    readonly content: string | readonly { readonly type: 'text'; readonly text: string }[];
  }[];
  readonly temperature?: number;
  readonly top_p?: number;
  readonly seed?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly stop?: string | readonly string[];
  readonly response_format?:
    | { readonly type: 'text' | 'json_object' }
    | {
        readonly type: 'json_schema';
        readonly json_schema: { readonly name?: string; readonly schema: object };
      };
  readonly stream?: boolean;
}

export interface CompletionUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export interface Completion {
  readonly id: string;
  readonly object: 'chat.completion';
  readonly created: number;
  readonly model: string;
  readonly choices: readonly [
    {
      readonly index: 0;
      readonly message: { readonly role: 'assistant'; readonly content: string; readonly refusal: null };
      readonly finish_reason: 'stop' | 'length';
      readonly logprobs: null;
    },
  ];
  readonly usage: CompletionUsage;
}

export interface CompletionChunk {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  /** Known with the last chunk. */
  readonly model: string;
  readonly choices: readonly [
    {
      readonly index: 0;
      readonly delta: { readonly role?: 'assistant'; readonly content?: string };
      readonly finish_reason: 'stop' | 'length' | null;
    },
  ];
  /** In the last chunk. */
  readonly usage?: CompletionUsage;
}

export interface Completions {
  /**
   * @throws Error with a `code`: `completion/not-permitted`, `completion/not-heard`, `completion/busy`,
   * `completion/rate-limited`, `completion/bad-request`, or one of the engine's. An `AbortError` where the signal says so.
   */
  create(
    request: CompletionRequest & { readonly stream: true },
    options?: { readonly signal?: AbortSignal },
  ): Promise<AsyncIterable<CompletionChunk>>;
  create(
    request: CompletionRequest & { readonly stream?: false },
    options?: { readonly signal?: AbortSignal },
  ): Promise<Completion>;
}

export interface Widget {
  open(): void;
  close(): void;
  toggle(): void;
  destroy(): void;
  send(text: string): void;
  setTheme(theme: WidgetTheme): void;
  setContext(text: string): void;
  setSystem(text: string): void;
  on<Type extends keyof WidgetEvents>(type: Type, listener: (event: WidgetEvents[Type]) => void): void;
  off<Type extends keyof WidgetEvents>(type: Type, listener: (event: WidgetEvents[Type]) => void): void;
  readonly chat: { readonly completions: Completions };
}

export function mount(options?: WidgetOptions): Widget;
