// The engine worker's entry: the engines, served by RPC. It sees what people write, and has no network: what it lacks
// it asks the store's worker for, over a port that the page hands it.
import { benchmark, compareEngines, decide, models } from './decide';
import { engineHandlers } from './engine-host';
import { isIntroduction } from '../store/port/messages';
import { engineMaker, link } from './engine-makers';
import { serve } from './rpc-server';

addEventListener('message', ({ data, ports: [port] }: MessageEvent<unknown>) => {
  if (isIntroduction(data) && data.store === 'port' && port) link.attach(port);
});

const reportLost = serve(
  {
    postMessage: (message) => postMessage(message),
    addEventListener: (_type, listener) => addEventListener('message', listener),
  },
  engineHandlers({
    decide,
    make: async (name, appBase, wish) => (await engineMaker(name, appBase, wish))(),
    models,
    compareEngines,
    benchmark,
    onLost: (error) => reportLost(error),
  }),
);
