// The engine worker's entry: the engines, served by RPC. It sees what people write, and has no network: what it lacks
// it asks the store's worker for, over a port that the page hands it.
import { allowOwnScripts } from '../base/own-scripts';
import { watchLoads } from '../ledger/watch-loads';
import { benchmark, compareEngines, decide, models } from './decide';
import { engineHandlers } from './engine-host';
import { isIntroduction } from '../store/port/messages';
import { probeBounds } from '../store/port/probe';
import { engineMaker, link, store } from './engine-makers';
import { serve } from './rpc-server';

// llama.cpp starts its threads by addresses of its own making.
allowOwnScripts();
watchLoads();
addEventListener('message', ({ data, ports: [port] }: MessageEvent<unknown>) => {
  if (!isIntroduction(data)) return;
  if (data.store === 'port' && port) link.attach(port);
  if (data.store === 'probe') void probeBounds().then((bounds) => postMessage({ bounds }));
});

const reportLost = serve(
  {
    postMessage: (message) => postMessage(message),
    addEventListener: (_type, listener) => addEventListener('message', listener),
  },
  engineHandlers({
    decide,
    make: async (name, appBase, wish) => (await engineMaker(name, appBase, wish))(),
    lend: (model) => store.lend(model),
    models,
    compareEngines,
    benchmark,
    onLost: (error) => reportLost(error),
  }),
);
