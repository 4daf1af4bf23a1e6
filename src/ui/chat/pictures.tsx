// Pictures beside the message that is being written. Only a model that sees is shown any of this.
import { useId, useState } from 'react';
import { maxPictures, readPicture } from '../../chat/pictures';
import { useApp, useStore } from '../app-context';
import { Icon } from '../common/icons';

export interface Pictures {
  /** Whether the loaded model does. */
  readonly sees: boolean;
  /** `data:` addresses. */
  readonly images: readonly string[];
  readonly problem: string | undefined;
  add(files: readonly Blob[]): Promise<void>;
  remove(index: number): void;
  clear(): void;
}

export function usePictures(): Pictures {
  const { session, texts } = useApp();
  const sees = useStore(
    session,
    (state) => state.kind === 'ready' && state.info.abilities?.includes('images') === true,
  );
  const [images, setImages] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState<string | undefined>(undefined);
  return {
    sees,
    images,
    problem,
    async add(files) {
      setProblem(undefined);
      const read = await Promise.all(files.map((file) => readPicture(file).catch(() => undefined)));
      const pictures = read.filter((image) => image !== undefined);
      if (pictures.length < files.length) setProblem(texts.notAPicture);
      if (images.length + pictures.length > maxPictures) setProblem(texts.tooManyPictures(maxPictures));
      setImages((before) => [...before, ...pictures].slice(0, maxPictures));
    },
    remove: (index) => {
      setProblem(undefined);
      setImages((before) => before.filter((_, i) => i !== index));
    },
    clear: () => {
      setProblem(undefined);
      setImages([]);
    },
  };
}

export function AttachPicture({ pictures }: { readonly pictures: Pictures }) {
  const { texts } = useApp();
  const id = useId();
  if (!pictures.sees) return null;
  return (
    <>
      <input
        id={id}
        type="file"
        accept="image/*"
        multiple
        hidden
        aria-label={texts.attachPicture}
        onChange={(event) => {
          void pictures.add([...(event.target.files ?? [])]);
          // The same file again must be a change again.
          event.target.value = '';
        }}
      />
      <button
        type="button"
        className="icon-button attach-button"
        aria-label={texts.attachPicture}
        title={texts.attachPicture}
        onClick={() => document.getElementById(id)?.click()}
      >
        <Icon name="picture" />
      </button>
    </>
  );
}

export function AttachedPictures({ pictures }: { readonly pictures: Pictures }) {
  const { texts } = useApp();
  const { sees, images, problem } = pictures;
  if (!sees || (images.length === 0 && problem === undefined)) return null;
  return (
    <div className="pictures pictures-attached">
      {images.map((image, i) => (
        <span key={i} className="picture">
          <img src={image} alt={texts.attachedPicture(i + 1)} />
          <button
            type="button"
            className="icon-button"
            aria-label={texts.removePicture(i + 1)}
            title={texts.removePicture(i + 1)}
            onClick={() => pictures.remove(i)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      {problem !== undefined && <span role="status">{problem}</span>}
    </div>
  );
}
