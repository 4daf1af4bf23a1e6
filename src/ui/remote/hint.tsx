// Beneath an answer of this device: that a larger model may do better, and why. Where a person has agreed to it for the
// chat, and wants it done by itself, the question goes there once its answer here has ended.
import { useEffect, useState, type ReactNode } from 'react';
import { documentsOf, pathTo, siblingsOf, type AssistantMessage } from '../../chat/conversation';
import type { Remote } from '../../remote/remote';
import { route, type Route } from '../../remote/route';
import { useApp, useStore } from '../app-context';
import { chatDialog } from '../chat/dialogs/dialog-state';
import { activeOf } from '../chat/selectors';
import { remoteWords } from '../texts/remote-words';
import { outgoingFor } from './outgoing';
import { sendElsewhere } from './send';

export interface RemoteHintProps {
  readonly remote: Remote;
  readonly message: AssistantMessage;
}

/** Asked for by itself, once a question; what was here when the page came is left alone. */
const sentByItself = new Set<string>();
const pageCameAt = Date.now();

export function RemoteHint({ remote, message }: RemoteHintProps): ReactNode {
  const { chat, texts } = useApp();
  const [isDismissed, setDismissed] = useState(false);
  const decision = useDecision(remote, message);
  const host = remote.host();
  const { mode } = useStore(remote, (state) => state);
  const conversation = useStore(chat, activeOf);
  const isIdle = useStore(chat, ({ run }) => run.state === 'idle');
  const consent = conversation && remote.consentFor(conversation.id);
  const goes =
    decision.to === 'larger' &&
    mode === 'automatic' &&
    consent !== undefined &&
    isIdle &&
    message.createdAt > pageCameAt &&
    !sentByItself.has(message.parentId);
  useEffect(() => {
    if (!goes || !conversation || sentByItself.has(message.parentId)) return;
    sentByItself.add(message.parentId);
    sendElsewhere(chat, remote, message.id, outgoingFor(conversation, message.id), consent.redact);
  }, [goes, chat, remote, conversation, consent, message]);
  if (decision.to === 'here' || isDismissed || goes || host === undefined) return null;
  const words = remoteWords(texts.language).hint;
  return (
    <div className="remote-hint">
      <p className="ending">{words.suggest(words.reasons[decision.reason], host)}</p>
      <div className="links">
        <button
          type="button"
          className="button button-small"
          onClick={() => chatDialog.open({ kind: 'elsewhere', messageId: message.id })}
        >
          {words.ask}
        </button>
        <button type="button" className="button button-small" onClick={() => setDismissed(true)}>
          {words.dismiss}
        </button>
      </div>
    </div>
  );
}

const here: Route = { to: 'here' };

/** Only of the newest answer, and of a question that was not asked elsewhere already. */
function useDecision(remote: Remote, message: AssistantMessage): Route {
  const { chat, session } = useApp();
  const { mode, documents } = useStore(remote, (state) => state);
  const conversation = useStore(chat, activeOf);
  const info = useStore(session, (state) => (state.kind === 'ready' ? state.info : undefined));
  const question = conversation?.messages.get(message.parentId);
  if (mode === 'off' || !conversation || !info || question?.role !== 'user') return here;
  if (conversation.headId !== message.id || message.status.kind !== 'complete') return here;
  if (siblingsOf(conversation, message.id).some((one) => one.role === 'assistant' && one.host !== undefined))
    return here;
  return route({
    text: question.text,
    mode,
    isPrivate: conversation.staysHere === true,
    hasDocuments: documentsOf(pathTo(conversation)).length > 0,
    allowsDocuments: documents,
    hasImages: question.images !== undefined,
    local: {
      parameters: info.parameters,
      seesImages: info.abilities?.includes('images') === true,
      contextWindow: info.contextWindow,
    },
    ...(message.usage && {
      promptTokens: message.usage.prompt_tokens,
      ...(message.usage.mean_logprob !== undefined && { meanLogprob: message.usage.mean_logprob }),
    }),
  });
}
