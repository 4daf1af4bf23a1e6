// Rows of the KV cache off the GPU and back, so that what was computed once can be kept. Bytes only: what they are
// of, and whether they are still right, is for who keeps them.
import { invariant } from '../../base/errors';
import type { KvFormat } from '../../base/kv-format';
import type { Gpu } from '../../gpu/gpu';
import { ReadbackRing } from '../../gpu/readback';
import type { KvCache } from './kv-cache';
import { piecesOfRows } from './kv-extent';

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
  invariant(source && from >= 0 && to > from && kv.reaches(to), `Rows ${from} to ${to} of layer ${layer}`);
  // Across the end of a ring of rows there are two.
  const pieces = piecesOfRows(kv, from, to);
  // Made for the occasion: it is seldom, and a row at rest should hold no memory.
  const ring = await gpu.buffers.guarded(
    'a copy of the cache',
    () => new ReadbackRing(gpu, 'rows', (to - from) * kv.rowBytes, pieces.length),
  );
  try {
    const encoder = gpu.device.createCommandEncoder({ label: 'rows' });
    const copies = pieces.map(([row, , count]) =>
      ring.copy(encoder, source, count * kv.rowBytes, row * kv.rowBytes),
    );
    gpu.device.queue.submit([encoder.finish()]);
    const rows = new Uint8Array((to - from) * kv.rowBytes);
    for (const [i, copy] of copies.entries()) {
      const [, position = from] = pieces[i] ?? [];
      rows.set(new Uint8Array(await ring.read(copy)), (position - from) * kv.rowBytes);
    }
    return rows.buffer;
  } finally {
    ring.dispose();
  }
}

/** Writes what readRows gave: each layer's rows, one after another. The cache must reach far enough. */
export function writeRows(gpu: Gpu, kv: KvCache, from: number, bytes: ArrayBuffer): void {
  const layerBytes = bytes.byteLength / kv.layers.length;
  invariant(
    Number.isInteger(layerBytes / kv.rowBytes) && kv.reaches(from + layerBytes / kv.rowBytes),
    `${bytes.byteLength} bytes are no rows of ${kv.layers.length} layers`,
  );
  for (const [i, layer] of kv.layers.entries()) {
    for (const [row, position, count] of piecesOfRows(kv, from, from + layerBytes / kv.rowBytes)) {
      const start = i * layerBytes + (position - from) * kv.rowBytes;
      gpu.device.queue.writeBuffer(layer, row * kv.rowBytes, bytes, start, count * kv.rowBytes);
    }
  }
}
