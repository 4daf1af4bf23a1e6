// Worker entry for the storage page's long tasks: hashing and copying, off the main thread. Binds, nothing else.
import { toAppError, toWire } from '../../base/errors';
import { createDatabase, type ModelDatabase } from '../disk/database';
import { isToStoreWorker, type FromStoreWorker, type StoreTask, type StoreTaskResult } from './store-tasks';
import { importFiles } from './import-folder';
import { exportToDirectory, type TransferOptions } from './transfer';
import { verifyAfterCrash, verifyModel } from './verify';

const running = new Map<number, AbortController>();
const databases = new Map<string, ModelDatabase>();

addEventListener('message', (event: MessageEvent) => {
  const data: unknown = event.data;
  if (!isToStoreWorker(data)) return;
  if ('cancel' in data) running.get(data.id)?.abort();
  else void answer(data.id, data.task);
});

async function answer(id: number, task: StoreTask): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const result = await perform(task, {
      signal: controller.signal,
      onProgress: (progress) => send({ id, kind: 'progress', progress }),
    });
    send({ id, kind: 'done', result });
  } catch (thrown) {
    send({ id, kind: 'failed', error: toWire(toAppError(thrown)) });
  } finally {
    running.delete(id);
  }
}

async function perform(task: StoreTask, options: TransferOptions): Promise<StoreTaskResult> {
  const database = databases.get(task.databaseName) ?? createDatabase(task.databaseName);
  databases.set(task.databaseName, database);
  switch (task.op) {
    case 'verify':
      return verifyModel(database, task.base, options);
    case 'verifyAfterCrash':
      return verifyAfterCrash(database, options.signal);
    case 'export':
      await exportToDirectory(database, task.base, task.directory, options);
      return null;
    case 'import':
      await importFiles(database, task.files, task.base, options);
      return null;
  }
}

function send(message: FromStoreWorker): void {
  postMessage(message);
}
