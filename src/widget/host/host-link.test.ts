import { describe, expect, it } from 'vitest';
import { widgetLimits, type FrameMessage, type HostMessage } from '../../protocol/widget';
import { readDeployer, type Deployer } from '../frame/deployer';
import { nobody } from '../frame/no-deployer';
import { listenToHost, type FrameWindow } from './host-link';

const hello = { ns: 'phield', v: 1, type: 'hello' };
const parent = { name: 'the host' };

function setUp(deployer: Partial<Deployer> = { origins: ['https://shop.example'] }) {
  let listener: ((event: MessageEvent) => void) | undefined;
  const frame: FrameWindow = {
    parent,
    location: { origin: 'https://phield.example' },
    addEventListener: (_, added) => (listener = added),
    removeEventListener: () => (listener = undefined),
  };
  const heard: HostMessage[] = [];
  let opened = 0;
  const link = listenToHost(
    frame,
    Promise.resolve({ ...nobody, ...deployer }),
    (message) => heard.push(message),
    () => opened++,
  );
  const greet = async (event: Partial<MessageEvent>): Promise<MessagePort> => {
    const { port1, port2 } = new MessageChannel();
    listener?.({
      data: hello,
      source: parent,
      origin: 'https://shop.example',
      ports: [port2],
      ...event,
    } as MessageEvent);
    await new Promise((resolve) => setTimeout(resolve, 5));
    return port1;
  };
  return { link, heard, greet, opened: () => opened };
}

/** After the welcome. */
async function next(port: MessagePort): Promise<FrameMessage> {
  return new Promise((resolve) => {
    port.onmessage = ({ data }) => {
      if (data.type !== 'welcome') resolve(data);
    };
  });
}

describe('the line to the host', () => {
  it('opens for the parent window of an allowed origin, and carries messages both ways', async () => {
    const { link, heard, greet, opened } = setUp();
    const port = await greet({});
    expect(opened()).toBe(1);
    const answer = next(port);
    link.send({ type: 'unread', count: 1 });
    expect(await answer).toEqual({ type: 'unread', count: 1 });
    port.postMessage({ type: 'send', text: 'Hi' });
    port.postMessage({ type: 'nonsense' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toEqual([{ type: 'send', text: 'Hi' }]);
    expect(link.mayRead()).toBe(false);
    port.close();
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin that looks alike', { origin: 'https://shop.example.evil.example' }],
    ['another window than the parent', { source: {} as MessageEventSource }],
    ['a window that is gone', { source: null }],
    ['no port', { ports: [] }],
    ['another namespace', { data: { ...hello, ns: 'other' } }],
  ])('stays shut for %s', async (_, event) => {
    const { greet, opened } = setUp();
    (await greet(event)).close();
    expect(opened()).toBe(0);
  });

  it('is one: a hello that is said again takes nothing over', async () => {
    const { link, greet, opened } = setUp();
    const first = await greet({});
    const second = await greet({});
    expect(opened()).toBe(1);
    let overheard = 0;
    second.onmessage = () => overheard++;
    const answer = next(first);
    link.send({ type: 'unread', count: 2 });
    await answer;
    expect(overheard).toBe(0);
    first.close();
    second.close();
  });

  it('tells whoever asks too much that there is no answer, and lets them stop all the same', async () => {
    const { heard, greet } = setUp();
    const port = await greet({});
    const answers: FrameMessage[] = [];
    port.onmessage = ({ data }) => answers.push(data);
    for (let i = 0; i <= widgetLimits.messages; i++) port.postMessage({ type: 'complete', id: `c${i}` });
    port.postMessage({ type: 'stop', id: 'c0' });
    // The last one sent is the last to come.
    await expect.poll(() => heard.at(-1)?.type, { timeout: 15_000 }).toBe('stop');
    expect(heard).toHaveLength(widgetLimits.messages + 1);
    expect(heard.at(-1)).toEqual({ type: 'stop', id: 'c0' });
    await expect
      .poll(() => answers, { timeout: 15_000 })
      .toContainEqual(
        expect.objectContaining({ type: 'completion-failed', id: `c${widgetLimits.messages}` }),
      );
    port.close();
  });

  it.each([
    [{ readers: ['https://shop.example'] }, true, false],
    [{ instructors: ['https://shop.example'] }, false, true],
    [{ readers: ['https://other.example'], instructors: ['https://other.example'] }, false, false],
  ])(
    'lets a host read, or instruct, only where the deployer says so: %j',
    async (deployer, reads, instructs) => {
      const { link, greet } = setUp({ origins: ['https://shop.example'], ...deployer });
      expect([link.mayRead(), link.mayInstruct()]).toEqual([false, false]);
      (await greet({})).close();
      expect([link.mayRead(), link.mayInstruct()]).toEqual([reads, instructs]);
    },
  );
});

describe('the deployer’s file', () => {
  it('is read field by field; what is wrong opens no door', () => {
    expect(
      readDeployer({
        embed: {
          origins: ['https://shop.example', 'https://a.example/path', '*', 'http://insecure.example', 7],
          readers: 'https://shop.example',
          contact: { href: 'javascript:alert(1)', label: 'x' },
        },
      }),
    ).toEqual({ ...nobody, origins: ['https://shop.example'] });
    expect(readDeployer('nonsense')).toEqual(nobody);
  });

  it('holds all there is to set up', () => {
    const origins = ['https://shop.example', 'http://localhost:3000'];
    const contact = { href: 'mailto:help@shop.example', label: 'Write to us' };
    const embed = { origins, readers: origins, instructors: origins, system: 'You help.', contact };
    const file = {
      storage: 'indexeddb',
      embed: { ...embed, model: 'phield-tiny', knowledge: 'help.json', safety: { level: 'strict' } },
    };
    expect(readDeployer(file)).toEqual({
      ...embed,
      storage: 'indexeddb',
      model: 'phield-tiny',
      knowledge: 'help.json',
      floor: { ...nobody.floor, level: 'strict' },
    });
  });

  it.each([
    ['storage', { storage: 'the cloud' }],
    ['a model', { embed: { model: 'no such: model' } }],
    ['a model that is no text', { embed: { model: { id: 'phield-tiny' } } }],
    ['system text', { embed: { system: 'x'.repeat(8_001) } }],
    ['knowledge', { embed: { knowledge: ['help.json'] } }],
    ['instructors', { embed: { instructors: ['https://*.example', 'https://shop.example/'] } }],
    ['a contact', { embed: { contact: { href: 'http://shop.example', label: 'Insecure' } } }],
    ['a contact that is an address', { embed: { contact: 'mailto:help@shop.example' } }],
    ['a list for an object', [{ embed: { origins: ['https://shop.example'] } }]],
    ['nothing', null],
  ])('leaves out what is not what it should be: %s', (_, file) => expect(readDeployer(file)).toEqual(nobody));

  it('sets the floor of what visitors may talk about; half a topic is none', () => {
    const returns = { name: 'returns', words: ['return', 'send back'] };
    const read = (safety: unknown) => readDeployer({ embed: { safety } }).floor;
    expect(
      read({ level: 'strict', allowed: [returns], blocked: [{ words: ['Acme', 7, ''] }], refusal: 'No.' }),
    ).toEqual({
      level: 'strict',
      allowed: [returns],
      blocked: [{ name: 'Acme', words: ['Acme'] }],
      refusal: 'No.',
    });
    expect(
      read({ level: 'none', allowed: [{ name: 'empty' }, 'returns', null], blocked: 'Acme', refusal: 7 }),
    ).toEqual(nobody.floor);
  });
});
