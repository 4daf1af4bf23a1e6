// What a kernel is to the rest of the engine: a spec that answers five questions about one call, and how its
// answers become a uniform block and a grid. Knows nothing of any particular op.
import { invariant } from '../base/errors';

export type ParamType = 'u32' | 'i32' | 'f32';
/** The fields of the kernel's `struct Params`, in order; a test compares them with the .wgsl. */
export type ParamFields = readonly (readonly [name: string, type: ParamType])[];
/** What picks one compiled pipeline: structure (strings) and tuning (numbers). */
export type KernelKey = Readonly<Record<string, string | number>>;
/** Workgroups in x and y. Past 65535 groups a kernel reads `y * num_workgroups.x + x`. */
export type Grid = readonly [x: number, y: number];

export interface KernelSource {
  readonly code: string;
  /** Tensors in binding order, one letter each: `r` read-only storage, `w` read-write storage. */
  readonly bindings: string;
}

/** Args name the shapes of one call; buffers are bound apart, in the order of the .wgsl. */
export interface KernelSpec<Args, Key extends KernelKey = KernelKey> {
  readonly op: string;
  readonly fields: ParamFields;
  /** @throws AppError `internal/invariant` naming both shapes. */
  check(args: Args): void;
  key(args: Args): Key;
  source(key: Key): KernelSource;
  constants(key: Key): Record<string, number>;
  params(args: Args): Readonly<Record<string, number>>;
  dispatch(args: Args): Grid;
}

/** Of a kernel's parameters in its one bind group: behind the tensors, of which no kernel may have more than eight. */
export const paramsBinding = 9;
/** Bytes of uniform that every kernel may read; a struct Params is at most this. */
export const paramBlockBytes = 64;
const maxGroupsPerDimension = 65535;

/** A 1-D count of workgroups as a 2-D grid within WebGPU's limit. */
export function grid(groups: number): Grid {
  invariant(Number.isInteger(groups) && groups > 0, `A grid of ${groups} workgroups`);
  if (groups <= maxGroupsPerDimension) return [groups, 1];
  const y = Math.ceil(groups / maxGroupsPerDimension);
  invariant(y <= maxGroupsPerDimension, `A grid of ${groups} workgroups is past two dimensions`);
  return [Math.ceil(groups / y), y];
}

export function packParams(fields: ParamFields, values: Readonly<Record<string, number>>): ArrayBuffer {
  invariant(
    fields.length * 4 <= paramBlockBytes && fields.length % 4 === 0,
    'Params: 16-byte multiple, <= 64',
  );
  const bytes = new ArrayBuffer(paramBlockBytes);
  const view = new DataView(bytes);
  fields.forEach(([name, type], i) => {
    const value = values[name] ?? (name.startsWith('pad') ? 0 : undefined);
    invariant(value !== undefined && Number.isFinite(value), `Param ${name} has no finite value`);
    if (type === 'f32') view.setFloat32(i * 4, value, true);
    else if (type === 'i32') view.setInt32(i * 4, value, true);
    else {
      invariant(
        Number.isInteger(value) && value >= 0 && value <= 0xffffffff,
        `Param ${name}=${value} is no u32`,
      );
      view.setUint32(i * 4, value, true);
    }
  });
  return bytes;
}

export function keyText(op: string, key: KernelKey): string {
  const parts = Object.entries(key).map(([name, value]) =>
    typeof value === 'number' ? `${name}${value}` : value,
  );
  return [op, ...parts].join('/');
}
