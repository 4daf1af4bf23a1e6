// The worker's entry: the engines, served by RPC.
import { benchmark, compareEngines, decide, models } from './decide';
import { engineHandlers } from './engine-host';
import { engineMaker } from './engine-makers';
import { serve } from './rpc-server';

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
