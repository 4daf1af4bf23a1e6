import { expect, test } from 'vitest';
import { overridesFirst } from './overrides-first';

test('overrides come before what may be sized by them, behind what must come first; all else stays in order', () => {
  const code = [
    'enable f16;',
    '// override: not one',
    'override TILE: u32 = 16u; // positions',
    'var<workgroup> tile: array<u32, 2u * TILE>;',
    'fn row(t: u32) -> u32 {',
    '  if (RING == 0u) { return t; }',
    '}',
    'override RING: u32 = 0u;',
  ];
  expect(overridesFirst(code.join('\n')).split('\n')).toEqual([
    'enable f16;',
    'override TILE: u32 = 16u; // positions',
    'override RING: u32 = 0u;',
    '// override: not one',
    'var<workgroup> tile: array<u32, 2u * TILE>;',
    'fn row(t: u32) -> u32 {',
    '  if (RING == 0u) { return t; }',
    '}',
  ]);
});
