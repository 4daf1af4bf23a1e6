// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it } from 'vitest';
import { filesForComposer } from '../../documents/attachments';
import { followDrops, handToPage, modelFiles } from './model-files';

let done: string[] = [];
const go = (hash: string): void => void done.push(hash);
const named = (name: string) => new File(['x'], name);
const stops: (() => void)[] = [];

beforeEach(() => {
  done = [];
  location.hash = '';
  const note = (where: string) => (files: readonly File[]) =>
    void done.push(...files.map(({ name }) => `${where} ${name}`));
  stops.push(
    filesForComposer.follow(note('chat')),
    modelFiles.follow(note('import')),
    followDrops(window, go),
  );
});
afterEach(() => stops.splice(0).forEach((stop) => stop()));

/** On an element of the page that would take any file. @returns whether the element was asked, and the browser's own way. */
function drop(...files: File[]): { readonly asked: boolean; readonly left: boolean } {
  const event = new Event('drop', { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { files, types: ['Files'] } });
  let asked = false;
  document.body.addEventListener('drop', () => (asked = true), { once: true });
  return { left: document.body.dispatchEvent(event), asked };
}

it('a GGUF file goes to the import from anywhere, what else is dropped stays with who is under it', () => {
  expect(drop(named('x.Q4_K_M.GGUF'))).toEqual({ asked: false, left: false });
  expect(done).toEqual(['import x.Q4_K_M.GGUF', '#/storage']);
  done = [];
  expect(drop(named('a.pdf'))).toEqual({ asked: true, left: true });
  expect(done).toEqual([]);
});

it('of both at once, each goes its way', () => {
  drop(named('a.pdf'), named('x.gguf'));
  expect(done).toEqual(['chat a.pdf', 'import x.gguf', '#/storage']);
});

it('on the pages about models whatever is dropped is looked at as one', () => {
  location.hash = '#/models';
  expect(drop(named('params_shard_0.bin'), named('mlc-chat-config.json')).left).toBe(false);
  expect(done).toEqual(['import params_shard_0.bin', 'import mlc-chat-config.json', '#/storage']);
});

it('files wait for a part of the page that is not there yet', () => {
  stops.splice(0).forEach((stop) => stop());
  handToPage([named('x.gguf')], go);
  stops.push(modelFiles.follow((files) => done.push(...files.map(({ name }) => `later ${name}`))));
  expect(done).toEqual(['#/storage', 'later x.gguf']);
});
