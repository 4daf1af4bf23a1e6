// What can be done with an answer: step between its versions, copy it, have another, hear it; and its figures.
import { useEffect, useState, type ReactNode, type RefObject } from 'react';
import type { Variation } from '../../../chat/chat-state';
import type { AssistantMessage } from '../../../chat/conversation';
import type { Usage } from '../../../protocol/chat';
import { useApp, useStore } from '../../app-context';
import { CopyButton } from '../../common/copy-button';
import { formatCount, formatRate, formatSeconds } from '../../common/format';
import { Icon } from '../../common/icons';
import { pageHref } from '../../common/route';
import { useChooseModel } from '../../models/choose-model';
import { modelName } from '../../models/model-view';
import type { Texts } from '../../texts/en';
import { BranchPicker } from '../transcript/branch-picker';
import { chatDialog } from '../dialogs/dialog-state';
import { focusComposer } from '../focus';
import { MenuButton, type MenuItem } from './menu';
import { useOtherModels } from './other-models';
import { textOf } from '../selectors';
import { speaker, useSpeech } from './speech';

export interface AnswerActionsProps {
  readonly message: AssistantMessage;
  /** Where its text is drawn. */
  readonly prose: RefObject<HTMLElement | null>;
}

export function AnswerActions({ message, prose }: AnswerActionsProps): ReactNode {
  const { chat, remote, texts } = useApp();
  const { id } = message;
  const speech = useSpeech(texts.language);
  const isSpeaking = useStore(speaker, (spoken) => spoken === id);
  const [said, setSaid] = useState('');
  const choose = useChooseModel();
  const others = useOtherModels();
  const words = texts.answer;
  useEffect(() => () => (speaker.getState() === id ? speaker.stop() : undefined), [id]);

  const again = (variation: Variation = {}): void => {
    const conversationId = chat.getState().activeId;
    const done = chat.doOrQueue({ kind: 'regenerate', conversationId, messageId: id, variation });
    setSaid(done ? '' : texts.composer.waitsAlready);
    focusComposer();
  };
  const copyPlain = (): void => {
    const text = plainTextOf(prose.current) ?? textOf(chat.getState(), id);
    navigator.clipboard.writeText(text).then(
      () => setSaid(texts.copied),
      () => setSaid(texts.copyFailed),
    );
  };

  const elsewhere: MenuItem = {
    key: 'elsewhere',
    label: words.askLarger,
    onChoose: () => chatDialog.open({ kind: 'elsewhere', messageId: id }),
  };
  const variants = (): readonly MenuItem[] => [
    ...(message.host === undefined
      ? []
      : [{ key: 'here', label: words.askHere, onChoose: () => again() } satisfies MenuItem]),
    ...(remote ? [elsewhere] : []),
    { key: 'shorter', label: words.shorter, onChoose: () => again({ instruction: words.askShorter }) },
    { key: 'longer', label: words.longer, onChoose: () => again({ instruction: words.askLonger }) },
    ...others.models.map((model, index): MenuItem => ({
      key: model,
      label: words.withModel(modelName(model)),
      apart: index === 0,
      onChoose: () => {
        choose(model);
        again();
      },
    })),
    {
      key: 'models',
      label: words.moreModels,
      apart: others.models.length === 0,
      onChoose: () => {
        location.hash = pageHref('models');
      },
    },
  ];

  return (
    <div className="actions">
      <CopyButton label={texts.copyMessage} text={() => textOf(chat.getState(), id)} />
      <button
        type="button"
        className="icon-button"
        aria-label={texts.regenerate}
        title={texts.regenerate}
        onClick={() => again()}
      >
        <Icon name="again" />
      </button>
      {speech === 'ready' && (
        <button
          type="button"
          className="icon-button"
          aria-label={isSpeaking ? words.stopReading : words.readAloud}
          title={isSpeaking ? words.stopReading : words.readAloud}
          onClick={() => {
            const text = plainTextOf(prose.current) ?? textOf(chat.getState(), id);
            if (isSpeaking) speaker.stop();
            else speaker.speak(id, text, texts.language);
          }}
        >
          <Icon name={isSpeaking ? 'stop' : 'speak'} />
        </button>
      )}
      <MenuButton
        label={words.more}
        icon="more"
        onOpen={others.look}
        items={() => [
          ...variants(),
          { key: 'plain', label: words.copyPlain, apart: true, onChoose: copyPlain },
        ]}
      />
      <BranchPicker id={id} />
      <Figures message={message} texts={texts} />
      <span className="hidden" role="status">
        {said}
      </span>
    </div>
  );
}

/** As it reads, without marks; undefined where the browser cannot say. */
function plainTextOf(element: HTMLElement | null): string | undefined {
  const prose = element?.querySelector<HTMLElement>('.prose');
  // Buttons say nothing of their own: their names are labels.
  const text = prose?.innerText;
  return text?.trim();
}

/** By whom and when, and what it took. */
function Figures({
  message,
  texts,
}: {
  readonly message: AssistantMessage;
  readonly texts: Texts;
}): ReactNode {
  const { usage, model, host, createdAt } = message;
  return (
    <div className="answer-figures">
      <span className="answer-by">
        {model !== '' && `${modelName(model)} · `}
        {host !== undefined && `${texts.answer.elsewhere(host)} · `}
        <time dateTime={new Date(createdAt).toISOString()}>{clock(createdAt, texts.language)}</time>
      </span>
      {usage && <UsageLine usage={usage} texts={texts} />}
    </div>
  );
}

function clock(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' }).format(at);
}

function UsageLine({ usage, texts }: { readonly usage: Usage; readonly texts: Texts }) {
  const { language } = texts;
  const { completion_tokens: count, ttft_ms: firstMs, decode_tokens_per_s: rate } = usage;
  const parts = [texts.usageTokens(count, formatCount(count, language))];
  if (firstMs > 0) parts.push(texts.usageFirst(formatSeconds(firstMs, language)));
  if (rate > 0) parts.push(texts.usageRate(formatRate(rate, language)));
  return <p className="usage">{parts.join(' · ')}</p>;
}
