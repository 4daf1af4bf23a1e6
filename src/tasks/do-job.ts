// The work of each kind of task, in a chunk that only a task brings.
import type { DocumentShelf } from '../documents/shelf';
import { askModel, stopIf, type TaskEngine } from './ask-model';
import { extract } from './extract';
import { summaryOf, variantCount, type Job } from './job';
import { summarise } from './summarise';
import { storyPrompt, writePrompt, writeTokens } from './write';

export interface Work {
  readonly engine: TaskEngine;
  readonly shelf: DocumentShelf;
  /** After each step: what is kept is not done again. */
  readonly keep: (step: Job) => void;
  readonly signal: AbortSignal;
  /** What is being written now. */
  readonly onText: (text: string) => void;
}

/** From where the job stands to its end. @throws AppError of the engine, run/aborted */
export async function doJob(job: Job, { engine, shelf, keep, signal, onText }: Work): Promise<Job> {
  const options = { signal, onText };
  switch (job.kind) {
    case 'summarise':
      return summarise(job, await shelf.passages(job.document.id), engine, keep, options);
    case 'extract':
      return extract(job, await shelf.passages(job.document.id), engine, keep, options);
    case 'write': {
      let now = job;
      while (now.variants.length < variantCount) {
        stopIf(signal);
        const text = await askModel(
          engine,
          writePrompt(now),
          { max_tokens: writeTokens[now.length], temperature: 0.9, seed: now.variants.length + 1 },
          options,
        );
        now = { ...now, variants: [...now.variants, text] };
        keep(now);
      }
      return now;
    }
    case 'story': {
      const text = await askModel(engine, storyPrompt(job.words, job.language), { max_tokens: 400 }, options);
      return { ...job, text };
    }
  }
}

/** What a chat keeps of a job that is done; an extracted table by `table`. */
export function answersOf(job: Job, table: (job: Job & { kind: 'extract' }) => string): readonly string[] {
  switch (job.kind) {
    case 'summarise':
      return [summaryOf(job) ?? ''].filter((text) => text !== '');
    case 'extract':
      return job.values.length > 0 ? [table(job)] : [];
    case 'write':
      return job.variants.filter((text) => text !== '');
    case 'story':
      return job.text === '' ? [] : [job.text];
  }
}
