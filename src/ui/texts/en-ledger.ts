// The words of the Privacy page and of the page that deletes everything, in English.
import type { Purpose } from '../../ledger/entry';
import type { Place, Store } from '../../ledger/stores';

export const enLedger = {
  sent: (_count: number, formatted: string) => `${formatted} sent`,
  sentTitle: (count: number, formatted: string) =>
    count === 0
      ? 'Nothing you wrote has left this device'
      : `${formatted} of your messages went to a larger model, after you agreed`,
  cutShort: 'network off',
  lead: 'Phield works on this device. Here is everything that it has asked the network for since it was first opened.',
  reading: 'Reading the ledger…',
  cut: 'Switch the network off for Phield',
  cutNote:
    'No downloads, no larger model, no looking for updates. Chats go on with what is stored here. It stays off until you turn it on again. (Your browser itself may still ask this site whether the app has changed; nothing of yours goes along.)',
  ledger: 'Ledger',
  sentLong: (count: number, formatted: string, bytes: string) =>
    count === 0
      ? '0 sent: nothing you wrote has left this device.'
      : `${formatted} sent to a larger model, after you agreed: ${bytes}.`,
  fetched: (requests: string, bytes: string) => `Fetched: ${bytes} in ${requests} requests.`,
  since: (day: string) => `Kept since ${day}.`,
  ledgerNote:
    'Hosts, sizes and times only, never content. What your browser asks a host by itself beforehand (whether this page may ask at all) is not listed.',
  columns: ['When', 'Host', 'What for', 'Requests', 'Sent', 'Received'],
  purposes: {
    app: 'The app itself',
    offline: 'The app, kept for offline use',
    update: 'Looking for a newer version',
    model: 'Models',
    'larger-model': 'Larger model elsewhere',
  } satisfies Record<Purpose, string>,
  notTold: 'not told',
  more: 'The newest are shown. The file has all.',
  export: 'Save the ledger',
  bounds: 'What the browser enforces',
  prove: 'Check it yourself',
  proof: [
    'Open the browser’s developer tools (F12) and go to Network. Tick “Preserve log”.',
    'Write a message. While it is answered no line appears: the model runs here.',
    'Look at a line’s initiator and host: downloads of models go to the hosts that the Models page names, and carry none of your words.',
    'Compare the lines with the ledger above. Those marked “ServiceWorker” or “cache” never reached the network, so the ledger has none of them.',
    'Switch the network off (Network, Offline, or pull the plug) and ask again: it still answers.',
  ],
  toPage: 'What was sent and fetched, and the switch for the network',
  stored: 'What is stored here',
  what: 'What',
  where: 'Where in this browser',
  stores: {
    chats: 'Chats',
    search: 'What finds a word in them',
    documents: 'Documents and their text',
    tasks: 'Tasks and their results',
    prompts: 'Saved prompts',
    models: 'Models, and what they have read of long chats',
    keys: 'Keys to a larger model, encrypted, if you keep them',
    ledger: 'This ledger and the switch',
    device: 'Speeds measured on this device',
    settings: 'Settings, personas, drafts, agreements',
    waiting: 'What waits for the model in this tab, or was shared and is not shown yet',
    app: 'The app, for use without a network',
  } satisfies Record<Store['id'], string>,
  places: {
    database: 'IndexedDB',
    files: 'private files',
    cache: 'Cache Storage',
    texts: 'localStorage',
    tab: 'sessionStorage',
    worker: 'service worker',
  } satisfies Record<Place, string>,
  erase: 'Delete everything…',
  eraseNote: 'Chats, documents, models, settings and the app’s own files, in every tab of this browser.',
  erasing: {
    title: 'Delete everything',
    lead: 'This deletes all that Phield keeps in this browser: chats, documents, models, keys, settings, the ledger, and the app’s files. Other tabs of Phield are closed down first. It cannot be undone. Export what you want to keep before.',
    go: 'Delete everything now',
    back: 'Back to Phield',
    working: 'Deleting…',
    elsewhere: 'Everything that Phield keeps in this browser is being deleted, from another tab.',
    done: 'Everything is deleted.',
    notAll: 'Not everything could be deleted:',
    refused: (what: string, reason: string) => `${what}: ${reason}`,
    inUse: 'still in use by another tab. Close all tabs of this site, then try again here.',
    unknown: (message: string) => `the browser refused (${message})`,
    again: 'Try again',
  },
};
export type LedgerWords = typeof enLedger;
