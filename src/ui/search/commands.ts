// What the palette reaches beside chats: pages and commands.
import type { AppContextValue } from '../app-context';
import type { IconName } from '../common/icons';
import { chatHref, pageHref } from '../common/route';
import { openModelMenu } from '../models/menu/model-menu';
import { openSettings } from '../settings/settings-state';
import { taskHref, taskIcons, taskNames } from '../tasks/task-words';
import type { Texts } from '../texts/en';

export interface Command {
  readonly id: string;
  readonly icon: IconName;
  readonly title: (texts: Texts) => string;
  readonly run: (app: AppContextValue) => void;
}

const all: readonly Command[] = [
  {
    id: 'new-chat',
    icon: 'plus',
    title: (texts) => texts.newChat,
    run: ({ chat }) => {
      chat.newChat();
      location.hash = chatHref(null);
    },
  },
  {
    id: 'model',
    icon: 'models',
    title: (texts) => texts.palette.changeModel,
    run: ({ chat }) => {
      location.hash = chatHref(chat.getState().activeId);
      // After the palette has let go of the page.
      setTimeout(openModelMenu);
    },
  },
  ...(['tasks', 'documents', 'models', 'storage', 'benchmark'] as const).map((page) => ({
    id: page,
    icon: page,
    title: (texts: Texts) => texts[page].title,
    run: () => void (location.hash = pageHref(page)),
  })),
  {
    id: 'settings',
    icon: 'settings',
    title: (texts) => texts.settings,
    run: () => openSettings(),
  },
  {
    id: 'help',
    icon: 'documents',
    title: (texts) => texts.help.title,
    run: () => void (location.hash = pageHref('help')),
  },
  ...taskNames.map((name) => ({
    id: `task-${name}`,
    icon: taskIcons[name],
    title: (texts: Texts) => texts.tasks.names[name],
    run: () => void (location.hash = taskHref(name)),
  })),
  {
    id: 'theme',
    icon: 'settings',
    title: (texts) => texts.palette.changeTheme,
    run: ({ settings }) => {
      const isDark = getComputedStyle(document.documentElement).colorScheme === 'dark';
      const { theme } = settings.getState().settings;
      const dark = theme === 'auto' ? window.matchMedia('(prefers-color-scheme: dark)').matches : isDark;
      settings.update({ theme: dark ? 'light' : 'dark' });
    },
  },
];

export function commands(): readonly Command[] {
  return all;
}
