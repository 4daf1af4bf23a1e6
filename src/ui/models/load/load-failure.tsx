// What went wrong with loading a model, and what can be done about it: as a bar, and as the page where there is no chat yet.
import { useApp, useStore } from '../../app-context';
import { Problem, ProblemPage } from '../../common/problem';
import { LoadRemedies, suitsProcessor } from './load-remedies';
import { ProcessorOffer } from './processor-offer';

function useFailure() {
  const { session } = useApp();
  return useStore(session, (state) => (state.kind === 'failed' ? state.error : undefined));
}

export function FailedBar() {
  const { texts } = useApp();
  const error = useFailure();
  if (!error) return null;
  return (
    <div className="model-bar" role="alert">
      <Problem code={error.code} message={error.message}>
        <LoadRemedies error={error} again={texts.reloadModel} />
      </Problem>
    </div>
  );
}

export function FailedPage() {
  const { texts } = useApp();
  const error = useFailure();
  if (!error) return null;
  return (
    <ProblemPage
      code={error.code}
      message={error.message}
      first={suitsProcessor(error) && <ProcessorOffer error={error} />}
    >
      <LoadRemedies error={error} again={texts.tryAgain} page />
    </ProblemPage>
  );
}
