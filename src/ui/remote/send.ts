// Sends what was shown, as another answer beside the one there is.
import type { ChatStore } from '../../chat/chat-store';
import type { Remote } from '../../remote/remote';
import type { Outgoing } from './outgoing';

/** @returns false when nothing was sent: an answer is being written, or there is nobody to ask. */
export function sendElsewhere(
  chat: ChatStore,
  remote: Remote,
  messageId: string,
  outgoing: Outgoing,
  withPlaceholders: boolean,
): boolean {
  const { endpoint } = remote.getState();
  const host = remote.host();
  if (!endpoint || host === undefined) return false;
  const { plain, redacted, values } = outgoing;
  const question = {
    request: { model: endpoint.model, messages: withPlaceholders ? redacted : plain },
    values: withPlaceholders ? values : new Map<string, string>(),
  };
  return chat.answerElsewhere(messageId, {
    host,
    model: endpoint.model,
    generate: (options) => remote.ask(question, options),
  });
}
