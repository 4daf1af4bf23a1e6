// How a task reads in the chat that keeps it, and the commands that lead to each.
import type { Job, JobKind } from '../../tasks/job';
import type { IconName } from '../common/icons';
import type { Texts } from '../texts/en';

export type TaskName = JobKind | 'photo';
export const taskNames: readonly TaskName[] = ['summarise', 'extract', 'write', 'story', 'photo'];

export const taskIcons = {
  summarise: 'documents',
  extract: 'table',
  write: 'pen',
  story: 'story',
  photo: 'picture',
} as const satisfies Record<TaskName, IconName>;

export function taskHref(name: TaskName, job?: string): string {
  return job === undefined ? `#/tasks/${name}` : `#/tasks/${name}/${job}`;
}

export interface TasksRoute {
  readonly name: TaskName;
  readonly job?: string;
}

export function readTasksRoute(hash: string): TasksRoute | undefined {
  const match = /^#\/tasks\/([a-z]+)(?:\/([0-9a-f-]{36}))?$/.exec(hash);
  const name = taskNames.find((one) => one === match?.[1]);
  return name && { name, ...(match?.[2] === undefined ? {} : { job: match[2] }) };
}

/** What is typed behind the `/`. */
export function taskWord(name: TaskName, { start }: Texts): string {
  return start.tiles[name].title.toLowerCase();
}

/** `/summarise`, `/resumir`: where a message that is a command leads; undefined for any other message. */
export function taskCommand(message: string, texts: Texts): string | undefined {
  const word = /^\/(\p{L}+)\s*$/u.exec(message.trim())?.[1]?.toLowerCase();
  if (word === undefined) return undefined;
  const name = taskNames.find((one) => one === word || taskWord(one, texts) === word);
  return name && taskHref(name);
}

export function questionOf(job: Job, { tasks }: Texts): string {
  switch (job.kind) {
    case 'summarise':
      return tasks.questions.summarise(job.document.name);
    case 'extract':
      return tasks.questions.extract(job.document.name, job.fields.join(', '));
    case 'write':
      return tasks.questions.write(tasks.forms[job.form], job.brief);
    case 'story':
      return tasks.questions.story(job.words.join(', '));
  }
}

/** The table as Markdown, for the chat. */
export function markdownTable(job: Job & { kind: 'extract' }, { tasks }: Texts): string {
  const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');
  const rows = job.values.map(
    ({ field, value, passage }) =>
      `| ${cell(field)} | ${cell(value)} | [${tasks.passage(String(passage + 1))}](#/documents/${job.document.id}/${passage + 1}) |`,
  );
  return [`| ${tasks.field} | ${tasks.value} | ${tasks.from} |`, '|---|---|---|', ...rows].join('\n');
}
