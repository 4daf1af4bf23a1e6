// Which folder of src may import which: the folder table of the architecture as data, and the lint rule
// that makes a wrong import an error. Tests and `testing/` folders may import anything.

const anyRealm = ['base', 'protocol', 'formats'];
const engineSide = [...anyRealm, 'tokenizer', 'sampling', 'reference', 'gpu', 'kernels', 'model', 'store'];

/** @type {Record<string, string[]>} folder -> folders it may import besides itself */
export const layers = {
  base: [],
  protocol: ['base'],
  formats: ['base'],
  tokenizer: ['base', 'formats'],
  sampling: ['base', 'formats'],
  reference: ['base', 'formats', 'sampling'],
  ledger: ['base'],
  gpu: ['base'],
  kernels: ['base', 'gpu'],
  model: ['base', 'formats', 'gpu', 'kernels'],
  store: ['base', 'formats', 'ledger'],
  engines: engineSide,
  worker: ['engines', 'store', 'ledger', 'protocol', 'base'],
  client: ['protocol', 'base'],
  share: ['worker', 'client', 'protocol', 'base'],
  chat: ['client', 'ledger', 'protocol', 'base'],
  safety: ['base'],
  remote: ['chat', 'client', 'safety', 'ledger', 'protocol', 'base'],
  documents: ['chat', 'client', 'ledger', 'protocol', 'base'],
  tasks: ['chat', 'client', 'documents', 'protocol', 'base'],
  ui: ['chat', 'client', 'documents', 'tasks', 'remote', 'safety', 'ledger', 'protocol', 'base'],
  widget: ['protocol', 'base', 'ui', 'chat', 'client', 'documents', 'safety'],
  sw: ['ledger', 'protocol', 'base'],
  app: [
    'base',
    'ledger',
    'protocol',
    'store',
    'client',
    'share',
    'chat',
    'documents',
    'tasks',
    'remote',
    'safety',
    'ui',
    'widget',
  ],
};

/**
 * Inside a folder of src: what a room may not import, because the arrow must only run the other way.
 * @type {Record<string, string[]>} folder/room -> rooms of the same folder
 */
export const forbiddenRooms = {
  'store/disk': ['download', 'admin', 'catalogue'],
  'store/download': ['admin', 'catalogue'],
  'store/catalogue': ['download', 'admin', 'disk'],
  'model/cache': ['run', 'tuning'],
  'model/weights': ['run', 'tuning', 'cache'],
  'model/run': ['tuning'],
  'chat/models': ['settings', 'request', 'saved', 'search'],
  'chat/settings': ['request', 'saved', 'search'],
  'chat/request': ['saved', 'search'],
  'chat/saved': ['request', 'search'],
};

/** @param {string} file */
function folderOf(file) {
  return /(?:^|\/)src\/([^/]+)\//.exec(file.replaceAll('\\', '/'))?.[1];
}

/** @param {string} file */
function roomOf(file) {
  return /(?:^|\/)src\/[^/]+\/([^/]+)\//.exec(file.replaceAll('\\', '/'))?.[1];
}

/** @type {Parameters<import('oxlint/plugins-dev').RuleTester['run']>[1]} */
export const layeringRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      wrong: 'src/{{from}} may not import src/{{to}}: see scripts/layers.mjs.',
      room: 'src/{{from}} may not import src/{{to}}: see forbiddenRooms in scripts/layers.mjs.',
    },
  },
  create(context) {
    const file = context.filename;
    const from = folderOf(file);
    if (!from || /\.test\.tsx?$|\/testing\//.test(file)) return {};
    /** @typedef {{ start: number, end: number, range: [number, number] }} Node */
    /** @param {Node & { type: string, value?: unknown } | null} source @param {Node} node */
    const check = (source, node) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string' || !source.value.startsWith('.'))
        return;
      // Not the module but the address of the script it becomes, which the composition root starts a worker by.
      if (from === 'app' && source.value.endsWith('?worker&url')) return;
      const target = new URL(source.value, `file://${file}`).pathname;
      const to = folderOf(target);
      const [room, other] = [roomOf(file), roomOf(target)];
      if (to === from && room && other && forbiddenRooms[`${from}/${room}`]?.includes(other)) {
        const data = { from: `${from}/${room}`, to: `${to}/${other}` };
        context.report({ node, messageId: 'room', data });
      }
      // The composition root is the only place that names the worker's entry.
      if (!to || to === from || layers[from]?.includes(to)) return;
      context.report({ node, messageId: 'wrong', data: { from, to } });
    };
    return {
      ImportDeclaration: (node) => check(node.source, node),
      ImportExpression: (node) => check(node.source, node),
      ExportNamedDeclaration: (node) => check(node.source, node),
      ExportAllDeclaration: (node) => check(node.source, node),
    };
  },
};

// What oxlint reads as a plugin (.oxlintrc.json).
export default { meta: { name: 'phield' }, rules: { layering: layeringRule } };
