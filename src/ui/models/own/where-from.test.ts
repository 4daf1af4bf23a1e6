import { expect, test } from 'vitest';
import { whereFrom } from './where-from';

test('an imported model is named by its file, in words; one from a host by its address', () => {
  expect(whereFrom('imported:/My%20Phi.Q4_K_M.gguf/', 'en')).toBe('From this device: My Phi.Q4_K_M.gguf');
  expect(whereFrom('imported:/a.gguf/', 'pt-BR')).toBe('Deste aparelho: a.gguf');
  expect(whereFrom('https://host.example/a.gguf/', 'en')).toBe('https://host.example/a.gguf/');
  expect(whereFrom('imported:/%E0%A4%A/', 'en')).toBe('imported:/%E0%A4%A/');
});
