import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './app.mjs';
import { kindOf, unitFiles } from './unit-files.mjs';

// In two parts, as the calls below: this file would be taken for one of them.
const page = `// @vitest-environment ${'jsdom'}\n`;

it('reads from a test whether it may share a process, and whether that has a page', () => {
  expect(kindOf("import { it, vi } from 'vitest';\nvi.stubGlobal('x', 1);")).toBe('node');
  expect(kindOf(`${page}vi.useFakeTimers();`)).toBe('page');
  for (const call of ['mock', 'doMock', 'resetModules'])
    expect(kindOf(`${page}vi.${call}${'('}`)).toBe('alone');
  expect(kindOf(`${page}// Alone: it says why.`)).toBe('alone');
  expect(kindOf(`const { heapUsed } = process.memoryUsage${'('});`)).toBe('alone');
});

it('finds them where they are, each once', () => {
  const { alone, page: pages } = unitFiles(root);
  expect(alone.length).toBeGreaterThan(0);
  expect(pages).toContain('src/ui/chat/focus.test.tsx');
  expect(new Set([...alone, ...pages]).size).toBe(alone.length + pages.length);
  for (const path of [...alone, ...pages]) expect(existsSync(join(root, path)), path).toBe(true);
});
