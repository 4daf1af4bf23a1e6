// The frame's end of the port. It opens once, for one endpoint, and only after the policy that binds it there is proven to
// hold.
import { AppError, toAppError, toWire } from '../../base/errors';
import { readToRemote, type FromRemote } from '../../protocol/remote';
import { endpointAddress, originOf } from '../address';
import { ask, listModels, type AskOptions, type EndpointAccess } from './ask';

export interface FrameParts {
  /** Binds this realm to the origin; false where the browser does not hold it to that. */
  readonly bind: (origin: string) => Promise<boolean>;
}

/** As much of a MessagePort as is needed. */
export interface PortLike {
  postMessage(message: FromRemote): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export function serveRemote(port: PortLike, { bind }: FrameParts): void {
  let access: Promise<EndpointAccess | undefined> | undefined;
  const running = new Map<number, AbortController>();
  const say = (message: FromRemote): void => port.postMessage(message);

  const open = async (typed: string, key: string | undefined): Promise<EndpointAccess | undefined> => {
    try {
      const address = endpointAddress(typed);
      if (!(await bind(originOf(address))))
        throw new AppError('remote/not-held', 'The browser does not hold this frame to its endpoint.');
      say({ k: 'opened' });
      return { address, key };
    } catch (thrown) {
      say({ k: 'shut', error: toWire(toAppError(thrown)) });
      return undefined;
    }
  };

  const run = async (
    id: number,
    work: (access: EndpointAccess, options: AskOptions) => Promise<void>,
  ): Promise<void> => {
    if (running.has(id)) return;
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const opened = await access;
      if (!opened) throw new AppError('remote/not-held', 'The frame is not open to any endpoint.');
      await work(opened, { signal: controller.signal, onTook: (took) => say({ k: 'took', ...took }) });
    } catch (thrown) {
      // A stack would tell of nothing but this file, and may quote an address.
      const { stack: _stack, ...error } = toWire(toAppError(thrown));
      say({ k: 'err', id, error });
    } finally {
      running.delete(id);
    }
  };

  port.addEventListener('message', ({ data }) => {
    const message = readToRemote(data);
    switch (message?.k) {
      case 'open':
        // Once: the policy cannot be widened, and a key goes to one host.
        access ??= open(message.address, message.key);
        break;
      case 'ask': {
        const { id, request } = message;
        void run(id, async (opened, options) => {
          for await (const event of ask(opened, request, options)) {
            if (event.type === 'text') say({ k: 'text', id, text: event.text });
            else if (event.type === 'usage')
              say({ k: 'usage', id, prompt: event.prompt, completion: event.completion });
            else say({ k: 'done', id, finishReason: event.finishReason });
          }
        });
        break;
      }
      case 'models': {
        const { id } = message;
        void run(id, async (opened, options) =>
          say({ k: 'models', id, models: await listModels(opened, options) }),
        );
        break;
      }
      case 'cancel':
        running.get(message.id)?.abort();
        break;
      case undefined:
        break;
      default:
        message satisfies never;
    }
  });
}
