// What the weights' buffers hold after uploads that were cut at any byte.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prng } from '../../base/prng';
import type { ModelShape } from '../../formats/model-config';
import { BufferLedger } from '../../gpu/buffers';
import type { Gpu } from '../../gpu/gpu';
import { ReadbackRing } from '../../gpu/readback';
import { openNodeGpu, skipReason } from '../../gpu/testing/node-gpu';
import { syntheticTensors } from '../testing/synthetic';
import { Weights } from './weights';

const shape: ModelShape = {
  layers: 1,
  hidden: 96,
  intermediate: 32,
  heads: 1,
  kvHeads: 1,
  headDim: 96,
  rotaryDim: 96,
  // Odd, and three scales a row: the embedding's last word of scales is half empty.
  vocab: 301,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  longRope: undefined,
  tied: false,
  quantization: 'q4f16_1',
};
/** Whose matrix of q, k and v has a bias. */
const biased: ModelShape = { ...shape, architecture: 'qwen2' };

describe.skipIf(await skipReason())('Weights', () => {
  let gpu: Gpu;
  beforeAll(async () => {
    gpu = await openNodeGpu();
  });
  afterAll(() => gpu.dispose());

  /** A device that binds little, so that embedding and head lie in many blocks. */
  const make = async (maxBindingBytes: number, of = shape): Promise<Weights> => {
    const small: Gpu = {
      ...gpu,
      info: { ...gpu.info, maxBindingBytes },
      buffers: new BufferLedger(gpu.device),
    };
    return small.buffers.guarded('weights', () => new Weights(small, of));
  };

  const contents = async (weights: Weights): Promise<ArrayBuffer[]> => {
    const [layer] = weights.layers;
    if (!layer) throw new Error('A model without layers');
    const matrices = [weights.embedding, weights.lmHead, layer.qkv, layer.out, layer.gateUp, layer.down];
    const buffers = [
      weights.norm,
      layer.inputNorm,
      layer.postNorm,
      ...matrices.flatMap(({ blocks }) => blocks.flatMap(({ q, scales }) => [q, scales])),
    ];
    const read: ArrayBuffer[] = [];
    for (const buffer of buffers) {
      const ring = new ReadbackRing(gpu, 'contents', buffer.size, 1);
      const encoder = gpu.device.createCommandEncoder();
      const pending = ring.copy(encoder, buffer, buffer.size);
      gpu.device.queue.submit([encoder.finish()]);
      read.push(await ring.read(pending));
      ring.dispose();
    }
    return read;
  };

  it.each([
    ['one block', 2 ** 27, shape],
    ['blocks of 20 rows', 20 * 48, shape],
    ['one block with a bias', 2 ** 27, biased],
  ])('hold the same bytes whole and in odd cuts, in %s', async (_, maxBindingBytes, of) => {
    const tensors = [...syntheticTensors(of, 3)];
    const whole = await make(maxBindingBytes, of);
    expect(whole.embedding.blocks.length > 1).toBe(maxBindingBytes < 2 ** 20);
    for (const { record, bytes } of tensors) whole.upload(record, bytes);
    whole.checkComplete();
    const expected = await contents(whole);
    expect(expected.every((buffer) => new Uint8Array(buffer).some((byte) => byte !== 0))).toBe(true);

    const next = prng(5);
    const cut = await make(maxBindingBytes, of);
    const ranges = tensors.flatMap((tensor) => {
      const { nbytes } = tensor.record;
      const cuts = [0, nbytes, ...Array.from({ length: 7 }, () => Math.floor(next() * nbytes))];
      cuts.sort((a, b) => a - b);
      return cuts.slice(1).map((end, i) => ({ ...tensor, start: cuts[i] ?? 0, end, order: next() }));
    });
    ranges.sort((a, b) => a.order - b.order);
    const [last, ...others] = ranges.filter(({ start, end }) => end > start).reverse();
    if (!last) throw new Error('No range');
    for (const { record, bytes, start, end } of others) cut.upload(record, bytes.subarray(start, end), start);
    expect(() => cut.checkComplete()).toThrow(last.record.name);
    cut.upload(last.record, last.bytes.subarray(last.start, last.end), last.start);
    cut.checkComplete();
    expect(await contents(cut)).toEqual(expected);
  });

  it('refuse bytes past the end of a tensor', async () => {
    const weights = await make(2 ** 27);
    const [tensor] = syntheticTensors(shape, 3);
    if (!tensor) throw new Error('A model without tensors');
    const { record, bytes } = tensor;
    expect(() => weights.upload(record, bytes.subarray(0, 8), record.nbytes - 4)).toThrow(record.name);
  });
});
