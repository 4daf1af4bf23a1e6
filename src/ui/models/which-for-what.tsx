// "Which for what": task by task the model to take on this device, with what this project has measured of its answers and
// what this device has measured of its speed; and where a larger model elsewhere is the honest answer.
import { useMemo, type ReactNode } from 'react';
import type { ChatState } from '../../chat/chat-state';
import type { ModelCard, ModelList } from '../../protocol/models';
import { useApp, useStore } from '../app-context';
import { formatBytes, formatRate } from '../common/format';
import { ScrollTable } from '../common/scroll-table';
import { openSettings } from '../settings/settings-state';
import { whichWords } from '../texts/which-words';
import { downloadText } from './model-card';
import { builtInModel } from './model-view';

export const tasks = ['stories', 'documents', 'support', 'extract', 'write', 'images', 'knowledge'] as const;
export type Task = (typeof tasks)[number];

/** Parameters from which this project would trust a model with the task; none is large enough for the last. */
const leastParameters: Readonly<Record<Task, number>> = {
  stories: 0,
  documents: 3e9,
  // The site's own words are quoted: docs/embed.md.
  support: 0,
  extract: 3e9,
  write: 3e9,
  images: 3e9,
  knowledge: Infinity,
};

/** The smallest that fits this device and is large enough; undefined: none here is. */
export function modelFor(task: Task, cards: readonly ModelCard[]): ModelCard | undefined {
  return cards
    .filter(
      ({ fit, parameters, seesImages }) =>
        fit.verdict !== 'cannot' &&
        parameters >= leastParameters[task] &&
        (task === 'images' ? seesImages : !seesImages),
    )
    .sort(
      (a, b) =>
        // One that fits well before one that just does.
        Number(a.fit.verdict === 'tight') - Number(b.fit.verdict === 'tight') || a.parameters - b.parameters,
    )[0];
}

/** Tokens a second of a model's newest answers on this device, the median; of the chats that are open in this tab. */
export function speedsHere({ conversations }: Pick<ChatState, 'conversations'>): ReadonlyMap<string, number> {
  const rates = new Map<string, number[]>();
  for (const { messages } of conversations.values())
    for (const message of messages.values()) {
      if (message.role !== 'assistant' || message.host !== undefined) continue;
      const rate = message.usage?.decode_tokens_per_s ?? 0;
      if (rate > 0) rates.set(message.model, [...(rates.get(message.model) ?? []), rate].slice(-20));
    }
  return new Map(
    [...rates].map(([model, all]) => [model, all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0]),
  );
}

const chatsOf = (state: ChatState): ChatState['conversations'] => state.conversations;

export function WhichForWhat({ list }: { readonly list: ModelList }): ReactNode {
  const { chat, remote, texts } = useApp();
  const { language } = texts;
  const words = whichWords(language);
  const conversations = useStore(chat, chatsOf);
  const speeds = useMemo(() => speedsHere({ conversations }), [conversations]);
  const speedOf = ({ id, fit }: ModelCard): string => {
    const rate = speeds.get(id) ?? (fit.build === undefined ? undefined : speeds.get(fit.build));
    return rate === undefined ? words.notMeasured : words.perSecond(formatRate(rate, language));
  };
  return (
    <section aria-labelledby="which-title">
      <h2 id="which-title">{words.title}</h2>
      <p className="note">{words.note}</p>
      <ScrollTable labelledBy="which-title" columns={words.columns}>
        {tasks.map((task) => {
          const card = modelFor(task, list.cards);
          const quality = card?.id === builtInModel ? words.tiny[task] : words.larger[task];
          return (
            <tr key={task}>
              <th scope="row">{words.tasks[task]}</th>
              {card ? (
                <>
                  <td>{card.name}</td>
                  <td>{quality ?? words.notMeasured}</td>
                  <td>{speedOf(card)}</td>
                  <td>
                    {card.fit.memory ? formatBytes(card.fit.memory.total, language) : words.notMeasured}
                  </td>
                  <td>{card.id === builtInModel ? words.included : downloadText(card, texts)}</td>
                </>
              ) : (
                <td colSpan={5}>{task === 'knowledge' ? words.elsewhere : words.noneFits}</td>
              )}
            </tr>
          );
        })}
      </ScrollTable>
      {remote && (
        <p className="links">
          <button type="button" className="button" onClick={() => openSettings('remote')}>
            {words.setUp}
          </button>
        </p>
      )}
    </section>
  );
}
