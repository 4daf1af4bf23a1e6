// Pictures beside the message that is being written, and the button that attaches them or what else can be attached.
import { useId, useState } from 'react';
import { maxPictures, readPicture } from '../../../chat/pictures';
import { useApp, useStore } from '../../app-context';
import { Icon } from '../../common/icons';
import { acceptedFiles } from '../../../documents/read/kind';

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

interface Kept {
  readonly images: readonly string[];
  readonly problem?: string | undefined;
}

const none: Kept = { images: [] };

/** Each chat's own, as with what is typed. */
export function usePictures(chatId: string | null): Pictures {
  const { session, texts } = useApp();
  const sees = useStore(
    session,
    (state) => state.kind === 'ready' && state.info.abilities?.includes('images') === true,
  );
  const [kept, setKept] = useState<ReadonlyMap<string | null, Kept>>(new Map());
  const { images, problem } = kept.get(chatId) ?? none;
  const change = (by: (before: Kept) => Kept): void =>
    setKept((before) => new Map(before).set(chatId, by(before.get(chatId) ?? none)));
  return {
    sees,
    images,
    problem,
    async add(files) {
      change((before) => ({ images: before.images }));
      const read = await Promise.all(files.map((file) => readPicture(file).catch(() => undefined)));
      const pictures = read.filter((image) => image !== undefined);
      change((before) => {
        const all = [...before.images, ...pictures];
        const said =
          all.length > maxPictures
            ? texts.tooManyPictures(maxPictures)
            : pictures.length < files.length
              ? texts.notAPicture
              : undefined;
        return { images: all.slice(0, maxPictures), problem: said };
      });
    },
    remove: (index) => change((before) => ({ images: before.images.filter((_, i) => i !== index) })),
    clear: () => change(() => none),
  };
}

export interface AttachProps {
  readonly pictures: Pictures;
  readonly onFiles: (files: readonly File[]) => void;
}

export function AttachButton({ pictures, onFiles }: AttachProps) {
  const { texts } = useApp();
  const id = useId();
  const accept = pictures.sees ? `${acceptedFiles},image/*` : acceptedFiles;
  const label = texts.documents.attach;
  return (
    <>
      <input
        id={id}
        type="file"
        accept={accept}
        multiple
        hidden
        aria-label={label}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // The same file again must be a change again.
          event.target.value = '';
        }}
      />
      <button
        type="button"
        className="icon-button attach-button"
        aria-label={label}
        title={label}
        onClick={() => document.getElementById(id)?.click()}
      >
        <Icon name="attach" />
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
