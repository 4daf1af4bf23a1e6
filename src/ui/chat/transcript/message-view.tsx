// One message of the transcript, and what keeps a fault in it from taking the others down.
import { Component, useCallback, type ReactNode } from 'react';
import type { ChatState } from '../../../chat/chat-state';
import { useApp, useStore } from '../../app-context';
import { Answer } from '../answers/answer';
import { PlainText } from '../markdown/plain-text';
import { Question } from './question';
import { activeOf, sameButText } from '../selectors';

export function MessageView({ id }: { readonly id: string }) {
  const { chat } = useApp();
  const select = useCallback((state: ChatState) => activeOf(state)?.messages.get(id), [id]);
  const message = useStore(chat, select, sameButText);
  if (!message) return null;
  return (
    <MessageBoundary text={message.text}>
      {message.role === 'user' ? <Question message={message} /> : <Answer message={message} />}
    </MessageBoundary>
  );
}

interface BoundaryProps {
  readonly text: string;
  readonly children: ReactNode;
}

/** What breaks is one message, and it is still there as text. */
class MessageBoundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: Error): void {
    console.warn('A message could not be shown but as text.', error);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <article className="message">
        <PlainText text={this.props.text} />
      </article>
    );
  }
}
