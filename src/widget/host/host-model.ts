// The page's way to the model, fetched when it is first asked for: a frame without such a page does without it.
import type { HostGrants } from '../../chat/settings/host-grants';
import { Subscribable, type Readable } from '../../chat/subscribable';
import type { EngineClient } from '../../client/client';
import type { HostMessage } from '../../protocol/widget';
import type { HostCompletions } from './completions';
import type { HostLink } from './host-link';

export interface HostModelParts {
  readonly link: HostLink;
  readonly grants: HostGrants;
  readonly engine: (signal: AbortSignal) => Promise<EngineClient>;
  readonly model: () => string;
}

export interface HostModel {
  /** Undefined until the page has asked or, where it has leave, until it has come. */
  readonly completions: Readable<HostCompletions | undefined>;
  readonly grants: HostGrants;
  /** The page is accepted. */
  opened(): void;
  receive(message: Extract<HostMessage, { readonly type: 'complete' | 'stop' }>): void;
}

export function modelForHost({ link, grants, engine, model }: HostModelParts): HostModel {
  const made = new Subscribable<HostCompletions | undefined>(undefined);
  let making: Promise<HostCompletions> | undefined;
  const make = (): Promise<HostCompletions> =>
    (making ??= import('./completions').then((module) => {
      const origin = link.origin() ?? '';
      const completions = new module.HostCompletions({
        send: (message) => link.send(message),
        origin,
        grants,
        engine,
        model,
      });
      made.set(completions);
      return completions;
    }));
  return {
    completions: made,
    grants,
    opened: () => {
      const origin = link.origin();
      if (origin !== undefined && grants.allows(origin)) void make().catch(() => {});
    },
    receive: (message) => {
      void make().then(
        (completions) => {
          if (message.type === 'complete') void completions.complete(message.id, message.request);
          else completions.stop(message.id);
        },
        () => {
          making = undefined;
          if (message.type === 'complete') {
            const code = 'worker/outdated';
            link.send({
              type: 'completion-failed',
              id: message.id,
              code,
              message: 'A part of the chat is missing.',
            });
          }
        },
      );
    },
  };
}
