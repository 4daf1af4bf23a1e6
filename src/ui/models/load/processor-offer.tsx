// Where no GPU answers, the processor can: slower, and said so before anybody waits for it.
import { Suspense } from 'react';
import type { AppError } from '../../../base/errors';
import { useApp, useStore } from '../../app-context';
import { later } from '../../common/later';
import { builtInModel, isBuiltIn, modelName } from '../model-view';

const SmallOnProcessor = later(() =>
  import('./small-on-processor').then((module) => module.SmallOnProcessor),
);

export function ProcessorOffer({ error }: { readonly error: AppError }) {
  const { session, settings, texts } = useApp();
  const { processor } = texts;
  const model = useStore(session, (state) => state.model);
  const suits = error.details['otherEngine'] === 'wllama';
  const take = (chosen: string): void => {
    settings.update({ engine: 'wllama' });
    void session.load(chosen);
  };
  return (
    <section aria-labelledby="processor-offer">
      <h2 id="processor-offer">{processor.title}</h2>
      <p>{processor.lead}</p>
      {!suits && <p>{processor.needsFile(modelName(model))}</p>}
      <p className="links">
        {suits && (
          <button type="button" className="button button-primary" onClick={() => take(model)}>
            {processor.run(modelName(model))}
          </button>
        )}
        {!(suits && isBuiltIn(model)) && (
          <button
            type="button"
            className={suits ? 'button' : 'button button-primary'}
            onClick={() => take(builtInModel)}
          >
            {processor.runBuiltIn}
          </button>
        )}
      </p>
      <Suspense fallback={null}>
        <SmallOnProcessor model={model} onTake={take} />
      </Suspense>
    </section>
  );
}
