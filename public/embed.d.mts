// Types of embed.mjs, for the pages that import it.

export type WidgetTheme = 'light' | 'dark' | 'system';
export type WidgetLanguage = 'en' | 'pt' | 'system';

export interface WidgetOptions {
  readonly src?: string;
  readonly model?: string;
  readonly theme?: WidgetTheme;
  readonly position?: 'right' | 'left';
  readonly lang?: WidgetLanguage;
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
}

export interface Widget {
  open(): void;
  close(): void;
  toggle(): void;
  destroy(): void;
  send(text: string): void;
  setTheme(theme: WidgetTheme): void;
  setContext(text: string): void;
  on<Type extends keyof WidgetEvents>(type: Type, listener: (event: WidgetEvents[Type]) => void): void;
  off<Type extends keyof WidgetEvents>(type: Type, listener: (event: WidgetEvents[Type]) => void): void;
}

export function mount(options?: WidgetOptions): Widget;
