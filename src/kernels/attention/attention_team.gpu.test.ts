// Attention of many rows in teams of lanes. Its pipelines differ from shape to shape, so that fewer shapes are tested
// than of the other ways.
import { beforeAll, describe, expect, it } from 'vitest';
import { kvFormats, type KvFormat } from '../../base/kv-format';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { attentionTwin, type AttentionShape } from '../../reference/attention';
import { encodeKv, roundKv } from '../../reference/kv_format';
import { teamName, type TeamTuning } from '../common/team';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { numbers, type Flavour } from '../testing/numbers';
import { paramsStruct, runKernel, toPlant, withBug } from '../testing/run-kernel';
import { attention, attentionKey, attentionNmse, flashObstacle, type FlashTuning } from './attention';

const tolerance = { nmse: attentionNmse, why: 'f32 dot products and softmax, sums of up to 300 positions' };
const size = (await skipReason()) ? 0 : (await sharedNodeGpu()).info.subgroupMin;
const way = (threads: number, lanes: number, subgroup = 0): FlashTuning => ({
  variant: 'team',
  threads,
  team: { lanes, subgroup },
});
const memory: TeamTuning = { lanes: 4, subgroup: 0 };
const teams = [memory, ...(size >= 4 ? [{ lanes: 4, subgroup: size }] : [])];
const best = way(64, 4, teams.at(-1)?.subgroup);
// How lanes add up has nothing to do with the format.
const cases = teams.flatMap((team, i) =>
  kvFormats
    .filter((format) => i === teams.length - 1 || format === 'f16')
    .map((format) => ({ team, name: teamName(team), format })),
);

describe.skipIf(await skipReason())('attention of many rows in teams', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async (
    format: KvFormat,
    tuning: FlashTuning,
    shape: AttentionShape,
    position: number,
    { flavour, spec = attention }: { flavour?: Flavour; spec?: typeof attention } = {},
  ) => {
    const { rows, heads, kvHeads, headDim } = shape;
    const positions = position + rows;
    const q = numbers(rows * heads * headDim, 1, flavour);
    const k = numbers(positions * kvHeads * headDim, 2, flavour);
    const v = numbers(positions * kvHeads * headDim, 3);
    const [y] = await runKernel(gpu, spec, { ...shape, ...tuning, format }, [
      q,
      encodeKv(format, k, v, kvHeads, headDim),
      new Uint32Array([position]),
      { size: rows * heads * headDim },
    ]);
    const kept = roundKv(format, k, v, kvHeads, headDim);
    return { y, twin: attentionTwin(q, kept.k, kept.v, position, shape) };
  };
  const shape = (rows: number, heads: number, kvHeads: number, headDim: number): AttentionShape => ({
    rows,
    heads,
    kvHeads,
    headDim,
  });

  describe.each(cases)('$name over $format', ({ team, format }) => {
    const tuning = way(64, team.lanes, team.subgroup);
    // A workgroup has 32 rows, workgroup memory 16 positions.
    it.each([
      ['first token', shape(1, 2, 1, 24), 0],
      ['a chunk from the start, one row less than a block', shape(31, 2, 1, 24), 0],
      ['a block, whole tiles', shape(32, 4, 2, 24), 32],
      ['a block and a row, across a tile', shape(33, 4, 4, 24), 60],
      ['several blocks', shape(70, 6, 2, 24), 230],
    ])('%s', async (name, args, position) => {
      const { y, twin } = await run(format, tuning, args, position);
      expectMatch(name, y, twin, tolerance);
    });
    it.runIf(format === 'f16').each(['outliers', 'negative'] as const)('%s', async (flavour) => {
      const { y, twin } = await run(format, tuning, shape(20, 4, 2, 24), 70, { flavour });
      expectMatch(flavour, y, twin, { nmse: 1e-7, why: 'scores in the hundreds lose digits before exp' });
    });
  });

  it.each([
    ['Phi-3', best, 'f16', shape(40, 2, 2, 96), 50],
    ['Phi-4-mini', best, 'f16', shape(5, 6, 2, 128), 30],
    ['lanes without dims, more threads', way(128, 8), 'f16', shape(40, 2, 2, 72), 20],
    ['the largest head', way(64, 8), 'f16', shape(17, 2, 1, 256), 9],
  ] as const)('%s', async (name, tuning, format, args, position) => {
    const { y, twin } = await run(format, tuning, args, position);
    expectMatch(name, y, twin, tolerance);
  });

  it.each(
    toPlant([
      [best, 'let lengths = state[0] + 1u', 'let lengths = state[0] + 2u'],
      [best, 'p.heads / p.kv_heads', 'p.heads'],
      [best, 'sums.a * shrink.x', 'sums.a'],
      [best, 'sums.b * shrink.y', 'sums.b * shrink.x'],
      [best, 'fma(total, shrink', 'fma(total, vec2<f32>(1.0)'],
      [best, 'four < vec4<u32>(lengths.y)', 'four < vec4<u32>(lengths.x)'],
      [best, 'tile_put(TILE * EIGHTS + j, t, values', 'tile_put(TILE * EIGHTS + j, t, keys'],
      [best, 'j * EIGHTS) + unit', 'j * EIGHTS) + (unit ^ vec4<u32>(1u))'],
      [way(64, 4), 'thread / LANES * LANES * 2u', 'thread / LANES * LANES'],
    ] as const),
  )('the tolerance notices, %o: %s -> %s', async (tuning, right, wrong) => {
    const spec = withBug(attention, right, wrong);
    const { y, twin } = await run('f16', tuning, shape(20, 4, 2, 24), 66, { spec });
    expectMismatch(wrong, y, twin, tolerance);
  });

  it('fits what it says it fits', () => {
    const obstacle = (tuning: FlashTuning, headDim: number): boolean =>
      flashObstacle(tuning, headDim, { subgroups: false }) !== undefined;
    expect(obstacle(way(64, 4), 96)).toBe(false);
    expect(obstacle(way(64, 8), 256)).toBe(false);
    // No whole eights; too many dims a lane; too much memory; no subgroups; too few threads.
    expect(obstacle(way(64, 4), 20)).toBe(true);
    expect(obstacle(way(64, 4), 256)).toBe(true);
    expect(obstacle(way(256, 8), 96)).toBe(true);
    expect(obstacle(way(64, 4, 8), 96)).toBe(true);
    expect(obstacle(way(4, 8), 96)).toBe(true);
    expect(obstacle({ variant: 'flash' }, 20)).toBe(false);
  });
  it('packs what the shader declares', () => {
    const key = attentionKey({ ...shape(1, 1, 1, 96), ...best, format: 'f16' });
    expect(attention.fields).toEqual(paramsStruct(attention.source(key).code));
  });
});
