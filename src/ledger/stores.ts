// Everything that the app keeps in a browser, by the names it lies under: what the Privacy page tells, and what is deleted
// when a person asks for that.

export type Place = 'database' | 'files' | 'cache' | 'texts' | 'tab' | 'worker';

export interface Store {
  /** What its words are looked up by. */
  readonly id:
    | 'chats'
    | 'search'
    | 'documents'
    | 'tasks'
    | 'prompts'
    | 'models'
    | 'keys'
    | 'ledger'
    | 'device'
    | 'settings'
    | 'waiting'
    | 'app';
  readonly place: Place;
  /** Whole names, or the beginning of one where it ends in `*`. */
  readonly names: readonly string[];
}

export const stores: readonly Store[] = [
  { id: 'chats', place: 'database', names: ['phield-chats'] },
  { id: 'search', place: 'database', names: ['phield-search'] },
  { id: 'documents', place: 'database', names: ['phield-documents', 'phield-document-texts'] },
  { id: 'tasks', place: 'database', names: ['phield-tasks'] },
  { id: 'prompts', place: 'database', names: ['phield-prompts'] },
  { id: 'models', place: 'database', names: ['phield-models', 'phield-models-prefixes'] },
  { id: 'models', place: 'files', names: ['phield-models'] },
  { id: 'keys', place: 'database', names: ['phield-keys'] },
  { id: 'ledger', place: 'database', names: ['phield-ledger'] },
  { id: 'device', place: 'database', names: ['phield-engine-choice', 'phield-kernel-tuning'] },
  { id: 'settings', place: 'texts', names: ['phield-*'] },
  { id: 'waiting', place: 'tab', names: ['phield-*'] },
  { id: 'waiting', place: 'cache', names: ['phield-shared'] },
  { id: 'app', place: 'cache', names: ['phield-engines', 'phield-llama-cpp', 'workbox-*'] },
  { id: 'app', place: 'worker', names: ['sw.js'] },
];

export const isNamed = (name: string, names: readonly string[]): boolean =>
  names.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one));
