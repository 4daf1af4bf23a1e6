// Worker entry of the store: the one place of the app that has the network. Does the storage page's long tasks, and
// fetches models for the worker that may fetch nothing. Binds, nothing else.
import { toAppError, toWire } from '../../base/errors';
import { allowOwnScripts } from '../../base/own-scripts';
import { asStorageWay, type StorageWay } from '../../base/storage-way';
import { watchLoads } from '../../ledger/watch-loads';
import { createDatabase, type ModelDatabase } from '../disk/database';
import { preflight, type Preflight } from '../download/preflight';
import { eyesBeside, listRepository } from '../download/repository';
import { hashThreadEnded, hashThreadFrom } from '../download/shard-hasher';
import { Allowed } from '../port/allowed';
import { isIntroduction, type Introduction } from '../port/messages';
import { probeBounds } from '../port/probe';
import { serveStore } from '../port/serve-store';
import { createShardStore, defaultDatabaseName } from '../shard-store';
import { isToStoreWorker, type FromStoreWorker, type StoreTask, type StoreTaskResult } from './store-tasks';
import { storedFacts } from './facts';
import { importFiles, inspectFiles } from './import-folder';
import { moveModel } from './move';
import { exportToDirectory, type TransferOptions } from './transfer';
import { verifyAfterCrash, verifyModel } from './verify';

allowOwnScripts();
watchLoads();

const running = new Map<number, AbortController>();
const databases = new Map<string, ModelDatabase>();

addEventListener('message', (event: MessageEvent) => {
  const data: unknown = event.data;
  if (isIntroduction(data)) introduce(data, event.ports);
  if (!isToStoreWorker(data)) return;
  if ('cancel' in data) running.get(data.id)?.abort();
  else void answer(data.id, data.task);
});

const allowed = new Allowed();

let wayIs: (way: StorageWay) => void = () => undefined;
/** Where bytes that arrive are to lie: waits until the page has said so. */
let way: Promise<StorageWay> | StorageWay = new Promise((resolve) => (wayIs = resolve));

let hashPortIs: (port: MessagePort) => void = () => undefined;
hashThreadFrom(() => {
  const port = new Promise<MessagePort>((resolve) => (hashPortIs = resolve));
  postMessage({ store: 'hashes' } satisfies Introduction);
  return port;
});

function introduce(message: Introduction, ports: readonly MessagePort[]): void {
  if (message.store === 'allow') allowed.add(message.addresses);
  if (message.store === 'way') {
    wayIs(asStorageWay(message.way) ?? 'files');
    way = asStorageWay(message.way) ?? 'files';
  }
  if (message.store === 'probe') void probeBounds().then((bounds) => postMessage({ bounds }));
  if (message.store === 'hashes ended') hashThreadEnded();
  const [port] = ports;
  if (message.store === 'hashes' && port) hashPortIs(port);
  if (message.store !== 'port' || !port) return;
  serveStore(port, {
    allowed,
    store: createShardStore({ way: () => way }),
    database: databaseOf(defaultDatabaseName),
  });
}

function databaseOf(name: string): ModelDatabase {
  const database = databases.get(name) ?? createDatabase(name, undefined, () => way);
  databases.set(name, database);
  return database;
}

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

/** A person who looks at a file is told what it could see by. */
async function withEyesBeside(found: Preflight, options: TransferOptions): Promise<Preflight> {
  const eyes = await eyesBeside(found.base, options);
  return eyes ? { ...found, eyes } : found;
}

async function perform(task: StoreTask, options: TransferOptions): Promise<StoreTaskResult> {
  const database = databaseOf(task.databaseName);
  switch (task.op) {
    case 'verify':
      return verifyModel(database, task.base, options);
    case 'verifyAfterCrash':
      return verifyAfterCrash(database, options.signal);
    case 'move':
      return moveModel(
        createDatabase(task.databaseName, undefined, () => task.to),
        task.base,
        options,
      );
    case 'preflight':
      return withEyesBeside(await preflight(task.address, options), options);
    case 'repository':
      return listRepository(task.address, options);
    case 'facts':
      return storedFacts(database, task.base);
    case 'inspect':
      return inspectFiles(task.files);
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
