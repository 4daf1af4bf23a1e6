// The host page's side: a launcher button and a panel with the frame, or the frame alone in a place of the host's. No
// dependencies; whatever page it lands in, its styles are its own (shadow root) and it owns nothing but its element.
import {
  isFrameMessage,
  widgetNamespace,
  widgetVersion,
  type FrameMessage,
  type Hello,
  type HostMessage,
  type WidgetLanguage,
  type WidgetTheme,
} from '../../protocol/widget';
import type { Completions } from '../../../public/embed.mjs';
import { completionsOver } from './completions';
import { styleText } from './style';
import { wordsFor } from './words';

export interface WidgetOptions {
  /** Address of the frame page; by default `embed.html` beside this script. */
  readonly src?: string;
  readonly model?: string;
  readonly theme?: WidgetTheme;
  readonly position?: 'right' | 'left';
  readonly lang?: WidgetLanguage;
  /** Address of Markdown, or of JSON of questions and answers, that the host page may read; or `#id` of an element with it. */
  readonly knowledge?: string;
  /** Without it there is no button: the host opens the panel. */
  readonly launcher?: boolean;
  /** Fills this element instead of floating over the page. */
  readonly target?: HTMLElement;
}

export type WidgetEvents = {
  readonly [Type in FrameMessage['type']]: Extract<FrameMessage, { readonly type: Type }>;
};

export interface Widget {
  open(): void;
  close(): void;
  toggle(): void;
  destroy(): void;
  /** Asks in the person's name. */
  send(text: string): void;
  setTheme(theme: WidgetTheme): void;
  /** What the page is about: data for the next answers, never an instruction. */
  setContext(text: string): void;
  /** What is said before every conversation: heard of a page that the deployer lets instruct. */
  setSystem(text: string): void;
  on<Type extends keyof WidgetEvents>(type: Type, listener: (event: WidgetEvents[Type]) => void): void;
  off<Type extends keyof WidgetEvents>(type: Type, listener: (event: WidgetEvents[Type]) => void): void;
  /** The person's model for the page itself, once they have given leave. */
  readonly chat: { readonly completions: Completions };
}

type Listener = (event: FrameMessage) => void;

export function mountWidget(options: WidgetOptions, base: string): Widget {
  const words = wordsFor(options.lang);
  const inline = options.target !== undefined;
  const frameAddress = new URL(options.src ?? 'embed.html', base);
  for (const [name, value] of [
    ['model', options.model],
    ['theme', options.theme],
    ['lang', options.lang],
    // That it comes, so that a quick question waits for it; what it says goes over the port.
    ['knowledge', options.knowledge && 'port'],
  ] as const)
    if (value !== undefined) frameAddress.searchParams.set(name, value);

  const host = document.createElement('phield-widget');
  const root = host.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  style.replaceSync(styleText);
  root.adoptedStyleSheets = [style];
  const panel = document.createElement('div');
  panel.id = 'panel';
  panel.className = inline ? 'panel inline' : `panel ${options.position === 'left' ? 'left' : 'right'}`;
  panel.hidden = !inline;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = `launcher ${options.position === 'left' ? 'left' : 'right'}`;
  button.setAttribute('aria-controls', panel.id);
  const listeners = new Map<string, Set<Listener>>();
  const waiting: HostMessage[] = [];
  let frame: HTMLIFrameElement | undefined;
  let port: MessagePort | undefined;
  let before: Element | null = null;
  let welcome = false;
  /** For as long as what the frame was asked can be answered. */
  let line = new AbortController();
  const hearers = new Set<Listener>();

  const post = (message: HostMessage): void => {
    if (port) port.postMessage(message);
    else waiting.push(message);
  };
  const emit = (event: FrameMessage): void => {
    for (const listener of listeners.get(event.type) ?? []) listener(event);
    for (const hear of hearers) hear(event);
  };
  const label = (): void => {
    button.setAttribute('aria-expanded', String(!panel.hidden));
    button.setAttribute('aria-label', panel.hidden ? words.open : words.close);
  };

  /** The model is loaded when a person first opens the panel, never before. */
  const start = (): void => {
    if (frame) return;
    frame = document.createElement('iframe');
    frame.title = words.title;
    frame.allow = 'clipboard-write; storage-access';
    const { origin } = frameAddress;
    frame.addEventListener('load', () => {
      if (port) endLine();
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = ({ data }) => {
        if (!isFrameMessage(data)) return;
        if (data.type === 'close' && !inline) close();
        if (data.type === 'welcome') welcome = true;
        if (data.type === 'asking') showQuestion();
        if (data.type === 'unread') button.dataset['unread'] = data.count > 0 ? String(data.count) : '';
        emit(data);
      };
      const hello: Hello = { ns: widgetNamespace, v: widgetVersion, type: 'hello' };
      frame?.contentWindow?.postMessage(hello, origin, [channel.port2]);
      for (const message of waiting.splice(0)) port.postMessage(message);
      port.postMessage({ type: 'shown', shown: !panel.hidden } satisfies HostMessage);
      if (options.knowledge !== undefined) void teach(options.knowledge);
    });
    frame.src = frameAddress.href;
    panel.append(frame);
  };
  /** Another page is in the frame now, or none. */
  const endLine = (): void => {
    port?.close();
    welcome = false;
    line.abort(new Error('The chat was closed.'));
    line = new AbortController();
  };
  const showQuestion = (): void => {
    open();
    panel.scrollIntoView({ block: 'nearest' });
  };
  const read = async (address: string): Promise<string> => {
    const inPage = address.startsWith('#') && document.getElementById(address.slice(1))?.textContent;
    if (inPage) return inPage;
    const response = await fetch(new URL(address, document.baseURI), { credentials: 'same-origin' });
    if (!response.ok) throw new Error(String(response.status));
    return response.text();
  };
  const teach = async (address: string): Promise<void> => {
    try {
      post({ type: 'knowledge', text: await read(address) });
    } catch {
      emit({ type: 'error', code: 'widget/knowledge' });
    }
  };

  const open = (): void => {
    start();
    if (!panel.hidden) return;
    before = document.activeElement;
    panel.hidden = false;
    label();
    post({ type: 'shown', shown: true });
    frame?.focus();
  };
  const close = (): void => {
    if (inline || panel.hidden) return;
    panel.hidden = true;
    label();
    post({ type: 'shown', shown: false });
    // Where the person came from; the launcher where that is gone.
    if (options.launcher !== false) button.focus();
    else if (before instanceof HTMLElement && before.isConnected) before.focus();
  };
  const toggle = (): void => (panel.hidden ? open() : close());
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !panel.hidden && !inline) close();
  };

  button.addEventListener('click', toggle);
  document.addEventListener('keydown', onKey);
  label();
  root.append(panel);
  if (!inline && options.launcher !== false) root.append(button);
  (options.target ?? document.body).append(host);
  if (inline) start();

  return {
    open,
    close,
    toggle,
    destroy() {
      document.removeEventListener('keydown', onKey);
      endLine();
      host.remove();
      listeners.clear();
    },
    send: (text) => {
      open();
      post({ type: 'send', text });
    },
    setTheme: (theme) => post({ type: 'setTheme', theme }),
    setContext: (text) => post({ type: 'setContext', text }),
    setSystem: (text) => post({ type: 'setSystem', text }),
    on(type, listener) {
      const set = listeners.get(type) ?? new Set();
      set.add(listener as Listener);
      listeners.set(type, set);
    },
    off(type, listener) {
      listeners.get(type)?.delete(listener as Listener);
    },
    chat: {
      completions: completionsOver({
        start,
        post,
        listen: (hear) => {
          hearers.add(hear);
          return () => hearers.delete(hear);
        },
        isWelcome: () => welcome,
        gone: () => line.signal,
      }),
    },
  };
}
