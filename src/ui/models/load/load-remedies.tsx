// What a person can do when a model could not be loaded: again, on the other engine, another model, or a look at
// its stored files.
import type { AppError, ErrorCode } from '../../../base/errors';
import { useApp, useStore } from '../../app-context';
import { AskBeforeDownload } from './ask-before-download';
import { MakeRoom } from '../../storage/make-room';
import { builtInModel } from '../model-view';
import { ProcessorOffer } from './processor-offer';
import { pageHref } from '../../common/route';

/** Where no model would run, another is no help. */
const deviceless: readonly ErrorCode[] = ['gpu/unavailable', 'gpu/no-adapter'];
/** What damaged files look like, before anybody has looked at them. */
const mayBeDamage = /^(model\/|tokenizer\/|storage\/integrity|run\/bad-logits)/;

export interface LoadRemediesProps {
  readonly error: AppError;
  readonly again: string;
  /** On a page of its own, which has the processor's offer already. */
  readonly page?: boolean;
}

export const isWithoutGpu = ({ code }: AppError): boolean => deviceless.includes(code);

/** Where the GPU is missing, or another one would be needed for what the processor can do. */
export const suitsProcessor = (error: AppError): boolean =>
  isWithoutGpu(error) || error.details['otherEngine'] === 'wllama';

export function LoadRemedies({ error, again, page = false }: LoadRemediesProps) {
  const { session, settings, texts } = useApp();
  const { models, storage } = texts;
  const model = useStore(session, (state) => state.model);
  const isOwnDevice = !isWithoutGpu(error);
  const offersProcessor = !page && suitsProcessor(error);
  const { otherEngine } = error.details;
  if (error.code === 'run/needs-consent') return <AskBeforeDownload model={model} error={error} />;
  return (
    <>
      <p className="links">
        {error.code === 'worker/outdated' ? (
          <button type="button" className="button button-primary" onClick={() => location.reload()}>
            {texts.reload}
          </button>
        ) : (
          <button type="button" className="button button-primary" onClick={() => void session.load()}>
            {again}
          </button>
        )}
        {(otherEngine === 'wgsl' || otherEngine === 'webllm') && (
          <button
            type="button"
            className="button"
            onClick={() => {
              settings.update({ engine: otherEngine });
              void session.load();
            }}
          >
            {models.loadOn(models.engineNames[otherEngine])}
          </button>
        )}
        {(error.code === 'storage/unavailable' || error.code === 'storage/blocked') && (
          <button
            type="button"
            className="button"
            onClick={() => void session.load(undefined, { memoryOnly: true })}
          >
            {storage.runFromMemory}
          </button>
        )}
        {isOwnDevice && model !== builtInModel && (
          <button type="button" className="button" onClick={() => void session.load(builtInModel)}>
            {texts.useBuiltIn}
          </button>
        )}
        <a className="button" href={pageHref('models')}>
          {models.title}
        </a>
        {mayBeDamage.test(error.code) && (
          <a className="button" href={pageHref('storage')}>
            {storage.checkFiles}
          </a>
        )}
      </p>
      {offersProcessor && <ProcessorOffer error={error} />}
      <MakeRoom error={error} />
    </>
  );
}
