// The frame's end of the line to the page around it. One host, one port: the first hello that comes from the parent
// window and from an allowed origin opens it, later ones are not heard, and nothing is ever sent anywhere else.
import type { CompletionCode } from '../../protocol/completions';
import {
  isHello,
  RateLimit,
  readHostMessage,
  type FrameMessage,
  type HostMessage,
} from '../../protocol/widget';
import type { Deployer } from '../frame/deployer';

/** What of a window is used. */
export interface FrameWindow {
  readonly parent: unknown;
  readonly location: { readonly origin: string };
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

export interface HostLink {
  send(message: FrameMessage): void;
  /** Whether the host that was accepted may read what is said. */
  mayRead(): boolean;
  /** Whether the host that was accepted may say what is said before every conversation. */
  mayInstruct(): boolean;
  /** Of the host that was accepted; undefined before. */
  origin(): string | undefined;
}

export function listenToHost(
  frame: FrameWindow,
  deployer: Promise<Deployer>,
  onMessage: (message: HostMessage) => void,
  onOpen: () => void,
): HostLink {
  let port: MessagePort | undefined;
  let reads = false;
  let instructs = false;
  let accepted: string | undefined;
  const limit = new RateLimit();

  const onHello = (event: MessageEvent): void => {
    const [offered] = event.ports;
    if (!isHello(event.data) || !offered || event.ports.length !== 1) return;
    // Before anything is waited for: `source` is null once a window is gone.
    if (event.source !== frame.parent || event.source === frame) return;
    const { origin } = event;
    void deployer.then(({ origins, readers, instructors }) => {
      const own = origin === frame.location.origin;
      if (port || (!own && !origins.includes(origin))) return;
      frame.removeEventListener('message', onHello);
      port = offered;
      accepted = origin;
      reads = readers.includes(origin);
      instructs = instructors.includes(origin);
      port.onmessage = ({ data }) => {
        const message = readHostMessage(data);
        // To stop is always allowed.
        if (!limit.allows() && message?.type !== 'stop') {
          if (message?.type === 'complete') offered.postMessage(tooMany(message.id));
        } else if (message) onMessage(message);
      };
      offered.postMessage({ type: 'welcome' } satisfies FrameMessage);
      onOpen();
    });
  };
  frame.addEventListener('message', onHello);
  return {
    send: (message) => port?.postMessage(message),
    mayRead: () => reads,
    mayInstruct: () => instructs,
    origin: () => accepted,
  };
}

/** Whoever waits for an answer is told that there will be none. */
function tooMany(id: string): FrameMessage {
  const code = 'completion/rate-limited' satisfies CompletionCode;
  return { type: 'completion-failed', id, code, message: 'Too many messages at once: wait a little.' };
}
