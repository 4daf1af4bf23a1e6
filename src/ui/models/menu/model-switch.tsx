// The model beside the message box: which one answers, where its loading stands, and a menu of what is here, what
// fits, and one click to change or fetch it. Its height stays the same whatever happens.
import { Suspense, useEffect, useId, useRef } from 'react';
import type { ModelState } from '../../../chat/models/model-session';
import { useApp, useStore } from '../../app-context';
import { Icon } from '../../common/icons';
import { later } from '../../common/later';
import { Popover } from '../../common/popover';
import { LoadLine } from '../load/load-view';
import { modelMenu } from './model-menu';
import { isSoftware, modelName, runsOnLine } from '../model-view';

const ModelOptions = later(() => import('./model-options').then((module) => module.ModelOptions));

const whole = (state: ModelState): ModelState => state;

/** @param shown false while another page covers it: that page says the same. */
export function ModelRow({ shown }: { readonly shown: boolean }) {
  return (
    <div className="model-row">
      <ModelSwitch />
      <div className="model-status">{shown && <ModelStatus />}</div>
    </div>
  );
}

function ModelSwitch() {
  const { session, texts } = useApp();
  const open = useStore(modelMenu, (state) => state);
  const kind = useStore(session, (state) => state.kind);
  const name = useStore(session, (state) => modelName(state.model));
  const button = useRef<HTMLButtonElement>(null);
  const menu = useId();
  useEffect(() => () => modelMenu.set(false), []);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="model-chip"
        title={texts.modelDetails}
        aria-label={texts.switcher.open(name)}
        aria-expanded={open}
        aria-controls={open ? menu : undefined}
        onClick={() => modelMenu.set(!open)}
      >
        <span className={`model-dot model-dot-${kind}`} />
        <span className="model-chip-name">{name}</span>
        <Icon name="chevron" />
      </button>
      {open && (
        // Around the panel too: what it is focused by is in it from the start.
        <Suspense>
          <Popover
            anchor={button}
            id={menu}
            label={texts.switcher.label}
            className="model-menu"
            onClose={() => modelMenu.set(false)}
          >
            <ModelOptions />
          </Popover>
        </Suspense>
      )}
    </>
  );
}

/** One line. Said to nobody by itself: it changes with each percent. */
function ModelStatus() {
  const { session, texts } = useApp();
  const state = useStore(session, whole);
  switch (state.kind) {
    case 'ready': {
      const { info, memoryOnly } = state;
      const words = [
        runsOnLine(info, texts),
        ...(isSoftware(info.adapter) ? [texts.softwareAdapter] : []),
        ...(memoryOnly ? [texts.storage.notStored] : []),
      ].join(', ');
      return (
        <p className="model-line" title={words}>
          {words}
        </p>
      );
    }
    case 'loading':
      return (
        <LoadLine model={state.model} progress={state.progress} again={state.recoveringFrom !== undefined} />
      );
    case 'idle':
      return (
        <p className="model-line" role="status">
          <span>{texts.load.stoppedTitle(modelName(state.model))}.</span>{' '}
          <button type="button" className="button button-small" onClick={() => void session.load()}>
            {texts.load.load}
          </button>
        </p>
      );
    case 'failed':
      return <p className="model-line">{texts.modelFailed}</p>;
  }
}
