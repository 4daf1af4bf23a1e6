// Every shortcut and what it does.
import type { ReactNode } from 'react';
import { useApp, useStore } from '../../app-context';
import { Dialog } from './dialogs';
import { shortcuts } from './shortcuts';

const isApple = /mac|iphone|ipad/i.test(navigator.platform);

export function ShortcutsDialog(): ReactNode {
  const { texts } = useApp();
  const all = useStore(shortcuts, (state) => state);
  return (
    <Dialog title={texts.shortcuts.title}>
      <dl className="shortcuts">
        {all.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              {keys.split('+').map((key) => (
                <kbd key={key}>{keyName(key, texts.shortcuts.keys)}</kbd>
              ))}
            </dt>
            <dd>{does(texts)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function keyName(key: string, keys: Readonly<Record<string, string>>): string {
  if (key === 'Mod') return isApple ? '⌘' : (keys['Ctrl'] ?? 'Ctrl');
  return keys[key] ?? key;
}
