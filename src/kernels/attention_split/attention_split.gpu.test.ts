// The shares that teams of lanes compute, put together here in f64 as attention_out does, against plain attention. The
// way without teams is tested with attention_out.
import { beforeAll, describe, expect, it } from 'vitest';
import { kvFormats, kvRowWords, type KvFormat } from '../../base/kv-format';
import type { Gpu } from '../../gpu/gpu';
import { sharedNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { attentionTwin } from '../../reference/attention';
import { decodeKv, encodeKv, roundKv } from '../../reference/kv_format';
import { teamName, type TeamTuning } from '../common/team';
import { expectMatch, expectMismatch } from '../testing/expect-match';
import { appendedRows, kvTolerance } from '../testing/kv-rows';
import { numbers, type Flavour } from '../testing/numbers';
import { paramsStruct, runKernel, toPlant, withBug } from '../testing/run-kernel';
import { attentionSplit, splitKey, splitObstacle, usualSplit } from './attention_split';

interface Case {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly position: number;
  readonly splits: number;
  readonly span: number;
  readonly threads: number;
  readonly team: TeamTuning;
  readonly flavour?: Flavour;
}

const exact = { nmse: 1e-10, why: 'f32 dot products and softmax of up to 300 positions' };
const memory: TeamTuning = { lanes: 4, subgroup: 0 };
const sixteen: TeamTuning = { lanes: 16, subgroup: 0 };
const gpuInfo = (await skipReason()) ? undefined : (await sharedNodeGpu()).info;
/** Least size of a subgroup here. */
const size = gpuInfo?.subgroupMin ?? 0;
const eight: TeamTuning = { lanes: 8, subgroup: size >= 8 ? size : 0 };
const ways: readonly TeamTuning[] = [memory, ...(size >= 4 ? [{ lanes: 4, subgroup: size }] : [])];
const middle = { heads: 4, kvHeads: 2, headDim: 24, position: 300, splits: 2, span: 32, threads: 64 };
// How lanes add up has nothing to do with the format.
const cases = ways.flatMap((team, i) =>
  kvFormats
    .filter((format) => i === ways.length - 1 || format === 'f16')
    .map((format) => ({ team, name: teamName(team), format })),
);

describe.skipIf(await skipReason())('attention_split in teams', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await sharedNodeGpu();
  });

  const run = async (
    format: KvFormat,
    { position, flavour = 'plain', ...shape }: Case,
    split = attentionSplit,
  ) => {
    const { heads, kvHeads, headDim, splits, span } = shape;
    const q = numbers(heads * headDim, 1, flavour);
    const k = numbers((position + 1) * kvHeads * headDim, 2, flavour);
    const v = numbers((position + 1) * kvHeads * headDim, 3);
    const state = new Uint32Array([position]);
    const cache = encodeKv(format, k, v, kvHeads, headDim);
    const old = { init: new Float32Array(heads * splits * headDim).fill(1e6) };
    const oldStats = { init: new Float32Array(heads * splits * 2).fill(1e6) };
    const args = { ...shape, format };
    let shares: readonly Float32Array[];
    let kept = roundKv(format, k, v, kvHeads, headDim);
    if (format === 'int8') {
      const newest = (x: Float32Array): Float32Array => x.subarray(position * kvHeads * headDim);
      const unfilled = cache.slice().fill(0x7f7f7f7f, position * kvRowWords(format, kvHeads, headDim));
      const stagedRow = new Float32Array([...newest(k), ...newest(v)]);
      const tensors = [q, { init: unfilled }, state, old, oldStats, stagedRow];
      const [filled, ...rest] = await runKernel(gpu, split, args, tensors);
      if (!filled) throw new Error('The kernel wrote no cache');
      shares = rest;
      const appended = appendedRows(filled, cache, { format, kvHeads, headDim, position, rows: 1 });
      const wanted = [...kept.k.subarray(-kvHeads * headDim), ...kept.v.subarray(-kvHeads * headDim)];
      const largest = k.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
      expectMatch('appended', appended, wanted, kvTolerance(format, exact, largest));
      // A code may be its neighbour; the shares are of those in the cache.
      kept = decodeKv(
        format,
        Uint32Array.from(new Uint32Array(filled.buffer, 0, cache.length)),
        kvHeads,
        headDim,
      );
    } else shares = await runKernel(gpu, split, args, [q, cache, state, old, oldStats]);
    return {
      y: combined(shares, shape, Math.min(splits, Math.ceil((position + 1) / span))),
      twin: attentionTwin(q, kept.k, kept.v, position, { rows: 1, heads, kvHeads, headDim }),
    };
  };

  describe.each(cases)('$name over $format', ({ team, format }) => {
    it.each([
      { heads: 4, kvHeads: 2, position: 0, splits: 4, span: 32 },
      // As many positions as all teams take at once, and one more.
      { heads: 4, kvHeads: 2, position: 63, splits: 1, span: 32 },
      { heads: 4, kvHeads: 1, position: 64, splits: 1, span: 32 },
      { heads: 4, kvHeads: 2, position: 150, splits: 4, span: 32 },
      { heads: 6, kvHeads: 2, position: 300, splits: 2, span: 64 },
    ])('$heads/$kvHeads heads at $position, $splits splits of $span', async (sizes) => {
      const shape = { ...sizes, headDim: 24, threads: 64, team };
      const { y, twin } = await run(format, shape);
      expectMatch(JSON.stringify(shape), y, twin, exact);
    });
    it.runIf(format === 'f16').each(['outliers', 'negative'] as const)('%s', async (flavour) => {
      const { y, twin } = await run(format, { ...middle, team, flavour });
      expectMatch(flavour, y, twin, { nmse: 1e-7, why: 'scores in the hundreds lose digits before exp' });
    });
  });

  const best = ways.at(-1) ?? memory;
  it.each([
    // Phi-3's head, in few threads, and Phi-4-mini's; lanes without dims, many threads; a head that takes a wider team.
    { heads: 2, kvHeads: 2, headDim: 96, position: 300, splits: 3, span: 64, threads: 32, team: best },
    { heads: 6, kvHeads: 2, headDim: 128, position: 100, splits: 2, span: 64, threads: 64, team: best },
    { heads: 2, kvHeads: 1, headDim: 80, position: 40, splits: 1, span: 64, threads: 128, team: sixteen },
    { heads: 2, kvHeads: 1, headDim: 256, position: 70, splits: 2, span: 65, threads: 64, team: eight },
  ])('$heads/$kvHeads heads of $headDim, $threads threads in teams of $team.lanes', async (shape) => {
    const { y, twin } = await run('f16', shape);
    expectMatch(JSON.stringify(shape), y, twin, exact);
  });

  it.each(
    toPlant([
      [best, 's0 * shrink', 's0'],
      [best, 'fma(total, shrink', 'fma(total, 1.0'],
      [best, '((length - first) * split) / used', '((length - first) * split) / used + 1u'],
      [best, 'p.heads / p.kv_heads', 'p.heads'],
      [best, 'four < vec4<u32>(end)', 'four <= vec4<u32>(end)'],
      [best, 'fold_teams(s0 * fit)', 'fold_teams(s0)'],
      [best, 'exp(tops[j].x - highest)', '1.0'],
      [best, '(p.head_dim / 8u) + unit', '(p.head_dim / 8u) + (unit ^ 1u)'],
      [memory, 'i < LANES', 'i < LANES - 2u'],
      ...(size > 0 ? ([[best, 'mask < LANES', 'mask < LANES / 2u']] as const) : []),
      ...(size > 4 ? ([[best, 'mask < size', 'mask < size / 2u']] as const) : []),
    ] as const),
  )('the tolerance notices, %o: %s -> %s', async (team, right, wrong) => {
    const { y, twin } = await run('f16', { ...middle, team }, withBug(attentionSplit, right, wrong));
    expectMismatch(wrong, y, twin, exact);
  });
  it.each(
    toPlant([
      ['total = 1.0', 'total = 0.0'],
      ['* scales(at, values)', '* scales(at, keys)'],
    ] as const),
  )('the tolerance notices %s -> %s of an int8 cache', async (right, wrong) => {
    const broken = withBug(attentionSplit, right, wrong);
    const { y, twin } = await run('int8', { ...middle, position: 40, team: best }, broken);
    expectMismatch(wrong, y, twin, exact);
  });

  it('fits what it says it fits', () => {
    const obstacle = (threads: number, team: TeamTuning, headDim: number): boolean =>
      splitObstacle({ ...usualSplit, threads, team }, headDim, { subgroups: false }) !== undefined;
    expect(obstacle(64, memory, 96)).toBe(false);
    expect(obstacle(64, { lanes: 8, subgroup: 0 }, 256)).toBe(false);
    // No whole eights; too many dims a lane; too much memory; no subgroups, or too small ones.
    expect(obstacle(64, memory, 20)).toBe(true);
    expect(obstacle(64, memory, 160)).toBe(true);
    expect(obstacle(256, memory, 96)).toBe(true);
    expect(obstacle(64, { lanes: 4, subgroup: 8 }, 96)).toBe(true);
    expect(splitObstacle({ ...usualSplit, team: { lanes: 16, subgroup: 8 } }, 96)).toBeDefined();
  });
  it('packs what the shader declares', () => {
    const args = { ...middle, format: 'f16', team: memory } as const;
    expect(attentionSplit.fields).toEqual(paramsStruct(attentionSplit.source(splitKey(args)).code));
  });
});

/** What attention_out makes of shares, in f64. */
function combined(
  [o = new Float32Array(), stats = new Float32Array()]: readonly Float32Array[],
  { heads, headDim, splits }: Pick<Case, 'heads' | 'headDim' | 'splits'>,
  used: number,
): Float64Array {
  const y = new Float64Array(heads * headDim);
  for (let head = 0; head < heads; head++) {
    const shares = Array.from({ length: used }, (_, s) => head * splits + s);
    const top = Math.max(...shares.map((i) => stats[2 * i] ?? NaN));
    const weight = (i: number): number => Math.exp((stats[2 * i] ?? NaN) - top);
    const total = shares.reduce((sum, i) => sum + weight(i) * (stats[2 * i + 1] ?? NaN), 0);
    for (let d = 0; d < headDim; d++) {
      const sum = shares.reduce((all, i) => all + weight(i) * (o[i * headDim + d] ?? NaN), 0);
      y[head * headDim + d] = sum / total;
    }
  }
  return y;
}
