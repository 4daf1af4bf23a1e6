// What would go to a larger model for an answer, made once and shown as it is: the conversation down to the question,
// without pictures, documents and instructions of this device's own.
import { documentsOf, pathTo, requestMessages, type Conversation } from '../../chat/conversation';
import type { RemoteMessage } from '../../protocol/remote';
import { redact } from '../../remote/redact';
import { findPersonalData, type Finding } from '../../safety/personal-data';

export interface Outgoing {
  /** As a person wrote them and read them. */
  readonly plain: readonly RemoteMessage[];
  /** With placeholders. */
  readonly redacted: readonly RemoteMessage[];
  readonly values: ReadonlyMap<string, string>;
  /** Of each message. */
  readonly findings: readonly (readonly Finding[])[];
  readonly hasPictures: boolean;
  readonly hasDocuments: boolean;
}

/** @param messageId of the answer, or of the question. */
export function outgoingFor(conversation: Conversation, messageId: string): Outgoing {
  const message = conversation.messages.get(messageId);
  const questionId = message?.role === 'assistant' ? message.parentId : messageId;
  const asked = requestMessages(conversation, questionId, '');
  const plain = asked.map(({ role, content }): RemoteMessage => ({ role, content }));
  const { texts, values } = redact(plain.map(({ content }) => content));
  return {
    plain,
    redacted: plain.map(({ role }, at) => ({ role, content: texts[at] ?? '' })),
    values,
    findings: plain.map(({ content }) => findPersonalData(content)),
    hasPictures: asked.some(({ images }) => images !== undefined && images.length > 0),
    hasDocuments: documentsOf(pathTo(conversation, questionId)).length > 0,
  };
}
