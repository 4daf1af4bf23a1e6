// Tasks in IndexedDB: one record each, written at every step.
import { createStore, del, set, values, type UseStore } from 'idb-keyval';
import { readJob, type Job } from './job';

export interface JobStore {
  list(): Promise<readonly Job[]>;
  save(job: Job): Promise<void>;
  remove(id: string): Promise<void>;
}

export function openJobs(): JobStore {
  let opened: UseStore | undefined;
  const database = (): UseStore => (opened ??= createStore('phield-tasks', 'jobs'));
  return {
    list: async () => {
      const all = await values<unknown>(database());
      return all.flatMap((value) => readJob(value) ?? []).sort((a, b) => b.createdAt - a.createdAt);
    },
    save: (job) => set(job.id, job, database()),
    remove: (id) => del(id, database()),
  };
}
