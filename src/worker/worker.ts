// The worker's entry: one store, the engines over it, served by RPC. WebLLM comes in its own chunk, only when a
// model needs it.
import { createWgslEngine } from '../engines/wgsl/wgsl-engine';
import { resolveModel } from '../store/catalogue';
import { createShardStore } from '../store/shard-store';
import { engineHandlers } from './engine-host';
import { serve } from './rpc-server';

const store = createShardStore();

const reportLost = serve(
  {
    postMessage: (message) => postMessage(message),
    addEventListener: (_type, listener) => addEventListener('message', listener),
  },
  engineHandlers({
    choose: () => Promise.resolve('wgsl'),
    make: (_name, appBase) =>
      Promise.resolve(createWgslEngine({ store, resolve: (model) => resolveModel(model, appBase).folder })),
    onLost: (error) => reportLost(error),
  }),
);
