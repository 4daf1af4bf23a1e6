// The question before a stored model is deleted. The safe answer has the focus; Escape gives it too.
import { useEffect, useRef } from 'react';
import { useApp } from '../app-context';

interface ConfirmDeleteProps {
  readonly text: string;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

export function ConfirmDelete({ text, onYes, onNo }: ConfirmDeleteProps) {
  const { texts } = useApp();
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  return (
    <div
      className="confirm"
      role="group"
      aria-label={text}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onNo();
      }}
    >
      <p>{text}</p>
      <p className="links">
        <button type="button" className="button button-danger" onClick={onYes}>
          {texts.storage.delete}
        </button>
        <button ref={no} type="button" className="button" onClick={onNo}>
          {texts.storage.keep}
        </button>
      </p>
    </div>
  );
}
