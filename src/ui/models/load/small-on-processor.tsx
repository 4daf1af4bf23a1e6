// Beside the processor's offer: models that are small enough to be of use there. How big each is and where it comes from is
// said before it is fetched.
import { useApp } from '../../app-context';
import { ggufWords } from '../../texts/gguf-words';
import { modelName } from '../model-view';

/** Of the list, the smallest first: more than half a gigabyte writes slower than people read. */
const small = ['smollm2-135m', 'smollm2-360m', 'qwen2.5-0.5b'] as const;

export interface SmallOnProcessorProps {
  /** What is offered already. */
  readonly model: string;
  readonly onTake: (model: string) => void;
}

export function SmallOnProcessor({ model, onTake }: SmallOnProcessorProps) {
  const words = ggufWords(useApp().texts.language);
  return (
    <div role="group" aria-label={words.smallOnProcessor}>
      <p>{words.smallOnProcessor}</p>
      <p className="links">
        {small
          .filter((id) => id !== model)
          .map((id) => (
            <button key={id} type="button" className="button" onClick={() => onTake(id)}>
              {modelName(id)}
            </button>
          ))}
      </p>
    </div>
  );
}
