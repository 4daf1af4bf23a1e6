// The larger model elsewhere, fetched by whoever has one, or opens the settings of it. Its frame is made when it is first
// asked, and lives as long as its endpoint.
import { AppError } from '../../base/errors';
import type { TextStorage } from '../../chat/settings/settings';
import { remoteNamespace, remoteVersion } from '../../protocol/remote';
import type { Frame } from '../../remote/door';
import { Remote } from '../../remote/remote';

const patienceMs = 20_000;

export function createRemote(storage: TextStorage | undefined, appBase: string): Remote {
  const remote = new Remote({ storage, loadFrame: () => loadFrame(appBase) });
  addEventListener('pagehide', () => remote.leave());
  return remote;
}

function loadFrame(appBase: string): Promise<Frame> {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.title = '';
  // What a stranger's answer could make it do beyond: nothing.
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
  // Chrome asks a person before a page reaches their own machine or network.
  frame.allow = 'local-network-access; loopback-network; local-network';
  frame.src = new URL('remote.html', appBase).href;
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      frame.remove();
      reject(new AppError('remote/not-held', 'The frame that asks a larger model could not be loaded.'));
    };
    const timer = setTimeout(fail, patienceMs);
    frame.addEventListener('error', fail, { once: true });
    frame.addEventListener(
      'load',
      () => {
        clearTimeout(timer);
        const { port1, port2 } = new MessageChannel();
        frame.contentWindow?.postMessage({ ns: remoteNamespace, v: remoteVersion }, location.origin, [port2]);
        resolve({
          port: port1,
          remove: () => {
            port1.close();
            frame.remove();
          },
        });
      },
      { once: true },
    );
    document.body.append(frame);
  });
}
