// The session and the chat as a task sees them.
import type { ChatStore } from '../chat/chat-store';
import type { ModelSession } from '../chat/models/model-session';
import { AppError } from '../base/errors';
import type { TaskEngine } from './ask-model';

export function engineForTasks(session: ModelSession, chat: ChatStore): TaskEngine {
  return {
    client: (signal) => session.whenReady(signal),
    contextWindow: () => session.loaded?.contextWindow,
    model: () => session.getState().model,
    holdsJson: () => session.loaded?.abilities?.includes('json') === true,
    whenFree: (signal) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (signal.aborted) end(() => reject(new AppError('run/aborted', 'The task was stopped.')));
          else if (chat.getState().run.state === 'idle') end(resolve);
        };
        const unsubscribe = chat.subscribe(check);
        const end = (act: () => void): void => {
          unsubscribe();
          signal.removeEventListener('abort', check);
          act();
        };
        signal.addEventListener('abort', check);
        check();
      }),
  };
}
