import { startConversation, type Conversation, type Message } from '../src/chat/conversation';

/** A chat whose answer needs the parts that formulas and code come with. */
export function learnedChat(): Conversation {
  const at = { createdAt: 1 };
  const question = { role: 'user', id: 'q', parentId: null, text: 'Well?', ...at } as const;
  const text = 'A formula, $x^2$, and code:\n\n```js\nlet a = 1;\n```';
  const answer: Message = {
    ...{ role: 'assistant', id: 'a', parentId: 'q', model: 'phield-tiny', text, ...at },
    status: { kind: 'complete', finishReason: 'stop', contextFull: false },
  };
  const chat = startConversation('c', question);
  return { ...chat, messages: new Map([...chat.messages, ['a', answer]]), headId: 'a' };
}
