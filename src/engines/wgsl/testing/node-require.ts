// XGrammar's build asks for Node's CommonJS names where it finds Node, though it is an ES module. In a browser and in a
// worker it takes another way. Import before the grammar.
import { createRequire } from 'node:module';

Object.assign(globalThis, { require: createRequire(import.meta.url), __dirname: '.', __filename: 'x' });
