// How much of the model's context the conversation on show takes, what is being typed included.
import { useEffect, useState } from 'react';
import type { ChatState } from '../../../chat/chat-state';
import { requestMessages } from '../../../chat/conversation';
import type { ModelState } from '../../../chat/models/model-session';
import { useApp, useStore } from '../../app-context';
import { formatCount } from '../../common/format';

const waitMs = 400;

const windowOf = (state: ModelState): number | undefined =>
  state.kind === 'ready' ? state.info.contextWindow : undefined;

/** Changes when a turn has ended or another branch is shown, but not while an answer streams. */
function turnKey({ conversations, activeId, run }: ChatState): string {
  const head = activeId === null ? undefined : conversations.get(activeId)?.headId;
  return `${activeId} ${head} ${run.state}`;
}

export function ContextMeter({ draft }: { readonly draft: string }) {
  const { chat, session, settings, texts } = useApp();
  const contextWindow = useStore(session, windowOf);
  const turn = useStore(chat, turnKey);
  const { system, trim } = useStore(settings, (state) => state.settings);
  const [used, setUsed] = useState<{ readonly tokens: number; readonly turns: number } | undefined>(
    undefined,
  );

  useEffect(() => {
    const { conversations, activeId, run } = chat.getState();
    if (contextWindow === undefined || run.state !== 'idle') return;
    const conversation = activeId === null ? undefined : conversations.get(activeId);
    const before = conversation ? requestMessages(conversation, conversation.headId, system) : [];
    if (before.length === 0 && draft.trim() === '') {
      setUsed(undefined);
      return;
    }
    const next = draft.trim();
    // A conversation ends with a question; a dot stands for the one to come.
    const messages =
      before.at(-1)?.role === 'user' && next === ''
        ? before
        : [
            ...(before.length > 0 || system.trim() === ''
              ? before
              : [{ role: 'system', content: system } as const]),
            { role: 'user', content: next || '.' } as const,
          ];
    let current = true;
    const timer = setTimeout(() => {
      void session.count(messages).then((count) => {
        if (current) setUsed(count === undefined ? undefined : { tokens: count, turns: before.length });
      });
    }, waitMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [chat, session, contextWindow, turn, system, draft]);

  // Its line is kept free: nothing above may jump when the first figure comes.
  if (contextWindow === undefined || used === undefined) return <div className="context-meter" />;
  const { language, meter } = texts;
  const { tokens, turns } = used;
  const over = tokens > contextWindow;
  const fraction = Math.min(1, tokens / contextWindow);
  const label = meter.used(formatCount(tokens, language), formatCount(contextWindow, language));
  const state = over ? 'context-meter-over' : fraction > 0.8 ? 'context-meter-near' : '';
  return (
    <div className={`context-meter ${state}`}>
      <div
        className="context-bar"
        role="meter"
        aria-label={meter.label}
        aria-valuemin={0}
        aria-valuemax={contextWindow}
        aria-valuenow={Math.min(tokens, contextWindow)}
        aria-valuetext={label}
      >
        <span style={{ inlineSize: `${100 * fraction}%` }} />
      </div>
      <span>{label}</span>
      {over && <span role="status">{trim && turns > 1 ? meter.over : meter.overNoTrim}</span>}
    </div>
  );
}
