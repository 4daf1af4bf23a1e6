// Every kernel variant that the kernel tests compiled with Dawn, given to Firefox's compiler (naga): it refuses other
// things than Tint does, and ends the whole browser over some. Left out is only what asks for a feature that this Firefox
// does not have.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedShader } from '../../src/gpu/testing/node-gpu';
import { expect, test } from '../app';

/** `enable` lines for what Firefox says it lacks; the app never sends these kernels to such a device. */
const experimental = /^\s*(?:enable|requires)\b[^;]*(?:subgroup|chromium|packed_4x8)/m;

/** Few, so that a browser that ends over one of them names it nearly. */
const batch = 4;

function recorded(): RecordedShader[] {
  const folder = process.env['PHIELD_RECORD_WGSL'] ?? '';
  if (!folder || !existsSync(folder)) return [];
  const lines = readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean),
  );
  return [...new Set(lines)].map((line) => JSON.parse(line) as RecordedShader);
}

test('Firefox compiles every variant of every kernel @alone', async ({ app }) => {
  test.setTimeout(600_000);
  const all = recorded();
  test.skip(all.length === 0, 'no shaders were recorded: run the tier `kernels` in the same `npm test`');
  const page = await app.open('#/benchmark');
  const features = await page.evaluate(async () => {
    const adapter = await navigator.gpu.requestAdapter();
    return [...(adapter?.features ?? [])];
  });
  const able = all.filter(({ code }) => !experimental.test(code));
  const left = all.length - able.length;
  console.log(`${able.length} shaders for Firefox, ${left} left out, features: ${features.join(' ')}`);
  expect(able.length).toBeGreaterThan(0);
  const refused: string[] = [];
  for (let at = 0; at < able.length; at += batch) {
    const some = able.slice(at, at + batch);
    const labels = some.map(({ label }) => label).join(', ');
    refused.push(
      ...(await page.evaluate(compileAll, some).catch((error: unknown) => {
        throw new Error(`The page ended while one of these was compiled: ${labels}`, { cause: error });
      })),
    );
  }
  expect(refused).toEqual([]);
});

/** Runs in the page. */
async function compileAll(shaders: readonly RecordedShader[]): Promise<string[]> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) return ['no adapter'];
  const device = await adapter.requestDevice({
    requiredFeatures: adapter.features.has('shader-f16') ? ['shader-f16'] : [],
    requiredLimits: {
      maxStorageBuffersPerShaderStage: adapter.limits.maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupStorageSize: adapter.limits.maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup: adapter.limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: adapter.limits.maxComputeWorkgroupSizeX,
    },
  });
  const refused: string[] = [];
  for (const { label, code, constants } of shaders) {
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ code });
    try {
      await device.createComputePipelineAsync({
        layout: 'auto',
        compute: { module, entryPoint: 'main', constants },
      });
    } catch (error) {
      const { messages } = await module.getCompilationInfo();
      refused.push(`${label}: ${messages[0]?.message ?? String(error)}`);
    }
    await device.popErrorScope();
  }
  device.destroy();
  return refused;
}
