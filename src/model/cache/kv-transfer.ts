// Rows of the KV cache off the GPU and back, so that what was computed once can be kept. Bytes only: what they are
// of, and whether they are still right, is for who keeps them.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import type { Gpu } from '../../gpu/gpu';
import { ReadbackRing } from '../../gpu/readback';
import type { KvCache } from './kv-cache';

/** What rows of a model look like: equal layouts can read each other's. */
export interface KvLayout {
  readonly format: KvFormat;
  readonly layers: number;
  /** Bytes of a position of a layer. */
  readonly rowBytes: number;
}

/** Rows of positions from .. to - 1 of a layer. @throws AppError `gpu/out-of-memory`, `gpu/device-lost`. */
export async function readRows(
  gpu: Gpu,
  kv: KvCache,
  layer: number,
  from: number,
  to: number,
): Promise<ArrayBuffer> {
  const source = kv.layers[layer];
  invariant(source && from >= 0 && to > from && to <= kv.capacity, `Rows ${from} to ${to} of layer ${layer}`);
  const bytes = (to - from) * kv.rowBytes;
  // Made for the occasion: it is seldom, and a row at rest should hold no memory.
  const ring = await gpu.buffers.guarded(
    'a copy of the cache',
    () => new ReadbackRing(gpu, 'rows', bytes, 1),
  );
  try {
    const encoder = gpu.device.createCommandEncoder({ label: 'rows' });
    const copy = ring.copy(encoder, source, bytes, from * kv.rowBytes);
    gpu.device.queue.submit([encoder.finish()]);
    return await ring.read(copy);
  } finally {
    ring.dispose();
  }
}

/** Writes what readRows gave: each layer's rows, one after another. The cache must reach far enough. */
export function writeRows(gpu: Gpu, kv: KvCache, from: number, bytes: ArrayBuffer): void {
  const layerBytes = bytes.byteLength / kv.layers.length;
  invariant(
    Number.isInteger(layerBytes / kv.rowBytes) && from + layerBytes / kv.rowBytes <= kv.capacity,
    `${bytes.byteLength} bytes are no rows of ${kv.layers.length} layers`,
  );
  for (const [i, layer] of kv.layers.entries()) {
    gpu.device.queue.writeBuffer(layer, from * kv.rowBytes, bytes, i * layerBytes, layerBytes);
  }
}
