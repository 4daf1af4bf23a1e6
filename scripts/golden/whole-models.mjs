// node scripts/golden/whole-models.mjs PYTHON: writes the tiny models of src/model/testing/whole-models.ts to a folder of
// their own, and what transformers makes of them to src/model/testing/whole-models.json. PYTHON has gguf==0.19.0, torch
// and transformers==5.24.0.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../app.mjs';
import { withModule } from '../modules.mjs';

const folder = mkdtempSync(join(tmpdir(), 'phield-whole-models-'));
try {
  await withModule('/src/model/testing/whole-models.ts', ({ goldenFiles }) => {
    Object.values(goldenFiles).forEach((make, i) => writeFileSync(join(folder, `${i}.gguf`), make()));
    writeFileSync(join(folder, 'names.json'), JSON.stringify(Object.keys(goldenFiles)));
  });
  const out = join(root, 'src/model/testing/whole-models.json');
  const script = join(root, 'scripts/golden/whole_models.py');
  const { status } = spawnSync(process.argv[2] ?? 'python3', [script, folder, out], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
