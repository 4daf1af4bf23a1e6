// Entry of remote.html, the only document that may reach a larger model elsewhere. It takes one port from the page around
// it, binds itself to the one origin it is told, and makes sure that the binding holds before anything is sent.
import { watchLoads } from '../../ledger/watch-loads';
import { probeBounds } from '../../store/port/probe';
import { remoteNamespace, remoteVersion, type FromRemote } from '../../protocol/remote';
import { serveRemote } from '../../remote/frame/serve';

/** Over the policy of the document's header: both hold, so this one can only narrow. */
async function bind(origin: string): Promise<boolean> {
  const meta = document.createElement('meta');
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = `connect-src ${origin}`;
  document.head.append(meta);
  const { network } = await probeBounds();
  return network;
}

function listen({ data, origin, source, ports }: MessageEvent<unknown>): void {
  const [port] = ports;
  if (origin !== location.origin || source !== window.parent || source === window || !port) return;
  const { ns, v } = (data ?? {}) as { readonly ns?: unknown; readonly v?: unknown };
  if (ns !== remoteNamespace || v !== remoteVersion) return;
  window.removeEventListener('message', listen);
  serveRemote(
    {
      postMessage: (message: FromRemote) => port.postMessage(message),
      addEventListener: (type, listener) => port.addEventListener(type, listener),
    },
    { bind },
  );
  port.start();
}

watchLoads();
window.addEventListener('message', listen);
