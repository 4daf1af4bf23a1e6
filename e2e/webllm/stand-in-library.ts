// A stand-in for the C++ half of a compiled model library, for tests: no library can be had or built where they
// run. It has the runtime's foreign-function interface, tensors, and the tensor cache, and no model: WebLLM's own
// code runs for real over it, up to the moment when it asks for the compiled model. Nothing here is a mock of
// WebLLM. Layouts: WebLLM 0.2.86, wasm32 (objects: 24 bytes of header, type index at 8; values: 16 bytes).

/** Export -> parameters and results, all i32. */
const signatures: Readonly<Record<string, readonly [params: number, results: number]>> = {
  TVMWasmAllocSpace: [1, 1],
  TVMWasmFreeSpace: [1, 0],
  TVMFFIFunctionGetGlobal: [2, 1],
  TVMFFIFunctionSetGlobal: [3, 1],
  TVMFFIFunctionCall: [4, 1],
  TVMFFIWasmFunctionCreate: [2, 1],
  TVMFFIObjectIncRef: [1, 1],
  TVMFFIObjectDecRef: [1, 1],
  TVMFFIAnyViewToOwnedAny: [2, 1],
  TVMFFIWasmGetLastError: [0, 1],
  TVMFFIErrorSetRaisedFromCStr: [2, 0],
  TVMFFITypeKeyToIndex: [2, 1],
  TVMFFIDataTypeToString: [2, 1],
  TVMFFIGetTypeInfo: [1, 1],
  _initialize: [0, 0],
  __wasm_call_ctors: [0, 0],
  malloc: [1, 1],
};

const importPrefix = 'stand_in_';

/** The .wasm file: exports each function by importing it from `env` under a name only the stand-in provides. */
export function buildLibrary(): Uint8Array<ArrayBuffer> {
  const names = Object.keys(signatures);
  const text = (value: string): number[] => [...leb(value.length), ...new TextEncoder().encode(value)];
  const section = (id: number, entries: readonly (readonly number[])[]): number[] => {
    const body = [...leb(entries.length), ...entries.flat()];
    return [id, ...leb(body.length), ...body];
  };
  const i32 = 0x7f;
  const types = names.map((name) => {
    const [params, results] = signatures[name] ?? [0, 0];
    return [
      0x60,
      ...leb(params),
      ...Array<number>(params).fill(i32),
      ...leb(results),
      ...Array<number>(results).fill(i32),
    ];
  });
  const imports = names.map((name, i) => [...text('env'), ...text(importPrefix + name), 0x00, ...leb(i)]);
  const exports = [[...text('memory'), 0x02, 0], ...names.map((name, i) => [...text(name), 0x00, ...leb(i)])];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, imports),
    ...section(5, [[0x00, ...leb(64)]]),
    ...section(7, exports),
  ]);
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

const Tag = {
  None: 0,
  Int: 1,
  Float: 3,
  RawString: 8,
  String: 65,
  Function: 68,
  Shape: 69,
  Tensor: 70,
} as const;
const webgpuDevice = 15;
const headerBytes = 24;

type Value = { readonly tag: number; readonly at: number };
type NativeFunction = (args: readonly Value[], ret: number) => void;

/** Makes `WebAssembly.instantiate` give such a library the functions it imports. Records what was put into the cache. */
export function provideStandIn(cachedTensors: string[]): void {
  const instantiate = WebAssembly.instantiate.bind(WebAssembly);
  const patched = async (
    source: BufferSource | WebAssembly.Module,
    imports: WebAssembly.Imports = {},
  ): Promise<WebAssembly.WebAssemblyInstantiatedSource | WebAssembly.Instance> => {
    if (source instanceof WebAssembly.Module) return instantiate(source, imports);
    const module = await WebAssembly.compile(source);
    if (!WebAssembly.Module.imports(module).some(({ name }) => name.startsWith(importPrefix))) {
      return instantiate(source, imports);
    }
    const runtime = new Runtime(imports['env'] as HostFunctions, cachedTensors);
    const env = { ...imports['env'], ...runtime.functions };
    const result = await instantiate(source, { ...imports, env });
    runtime.start(result.instance.exports['memory'] as WebAssembly.Memory);
    return result;
  };
  WebAssembly.instantiate = patched as typeof WebAssembly.instantiate;
}

type HostFunctions = Record<string, (...args: number[]) => number>;

class Runtime {
  readonly functions: HostFunctions;
  private memory = new WebAssembly.Memory({ initial: 1 });
  private top = 1024;
  private lastError = 'no error';
  private readonly natives = new Map<number, NativeFunction>();
  private readonly globals = new Map<string, number>();
  private readonly shapes = new Map<number, readonly number[]>();

  constructor(
    private readonly host: HostFunctions,
    private readonly cachedTensors: string[],
  ) {
    const exported: Record<string, (...args: number[]) => number | void> = {
      TVMWasmAllocSpace: (bytes) => this.alloc(bytes ?? 0),
      TVMWasmFreeSpace: () => {},
      malloc: (bytes) => this.alloc(bytes ?? 0),
      TVMFFIFunctionGetGlobal: (name = 0, out = 0) => this.getGlobal(this.byteArray(name), out),
      TVMFFIFunctionSetGlobal: (name = 0, handle = 0) => {
        this.globals.set(this.byteArray(name), handle);
        return 0;
      },
      TVMFFIFunctionCall: (handle = 0, args = 0, count = 0, ret = 0) => this.call(handle, args, count, ret),
      TVMFFIWasmFunctionCreate: (index = 0, out = 0) => {
        const handle = this.object(Tag.Function, 0);
        this.natives.set(handle, (args, ret) => this.callHost(index, args, ret));
        this.view.setUint32(out, handle, true);
        return 0;
      },
      TVMFFIObjectIncRef: () => 0,
      TVMFFIObjectDecRef: () => 0,
      TVMFFIAnyViewToOwnedAny: (from = 0, to = 0) => {
        this.bytes.copyWithin(to, from, from + 16);
        if (this.view.getInt32(to, true) === Tag.RawString) this.ownString(to);
        return 0;
      },
      TVMFFIWasmGetLastError: () => this.cString(this.lastError),
      TVMFFIErrorSetRaisedFromCStr: (_kind, message = 0) => {
        this.lastError = this.readCString(message);
      },
      TVMFFITypeKeyToIndex: (key = 0, out = 0) => {
        this.view.setUint32(out, this.byteArray(key) === 'ffi.Module' ? 73 : 71, true);
        return 0;
      },
      TVMFFIDataTypeToString: () => -1,
      TVMFFIGetTypeInfo: () => 0,
      _initialize: () => {},
      __wasm_call_ctors: () => {},
    };
    this.functions = Object.fromEntries(
      Object.entries(exported).map(([name, body]) => [
        importPrefix + name,
        (...args: number[]) => body(...args) ?? 0,
      ]),
    );
  }

  start(memory: WebAssembly.Memory): void {
    this.memory = memory;
  }

  private get view(): DataView {
    return new DataView(this.memory.buffer);
  }

  private get bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }

  /** Never freed: a test's load is small. */
  private alloc(bytes: number): number {
    const at = this.top;
    this.top = (at + bytes + 15) & ~15;
    if (this.top > this.memory.buffer.byteLength) this.memory.grow(256);
    return at;
  }

  private object(typeIndex: number, bodyBytes: number): number {
    const handle = this.alloc(headerBytes + bodyBytes);
    this.view.setInt32(handle + 8, typeIndex, true);
    return handle;
  }

  private byteArray(at: number): string {
    const from = this.view.getUint32(at, true);
    return new TextDecoder().decode(this.bytes.slice(from, from + this.view.getUint32(at + 4, true)));
  }

  private readCString(at: number): string {
    return new TextDecoder().decode(this.bytes.slice(at, this.bytes.indexOf(0, at)));
  }

  private cString(text: string): number {
    const encoded = new TextEncoder().encode(`${text}\0`);
    const at = this.alloc(encoded.length);
    this.bytes.set(encoded, at);
    return at;
  }

  /** A raw C string value becomes an object with a byte array. */
  private ownString(at: number): void {
    const text = new TextEncoder().encode(this.readCString(this.view.getUint32(at + 8, true)));
    const handle = this.object(Tag.String, 8 + text.length);
    const data = handle + headerBytes + 8;
    this.bytes.set(text, data);
    this.view.setUint32(handle + headerBytes, data, true);
    this.view.setUint32(handle + headerBytes + 4, text.length, true);
    this.store(at, Tag.String, handle);
  }

  private store(at: number, tag: number, pointer: number): void {
    this.view.setInt32(at, tag, true);
    this.view.setUint32(at + 8, pointer, true);
    this.view.setUint32(at + 12, 0, true);
  }

  private number({ tag, at }: Value): number {
    return tag === Tag.Float ? this.view.getFloat64(at + 8, true) : this.view.getInt32(at + 8, true);
  }

  private pointer(value: Value | undefined): number {
    return value ? this.view.getUint32(value.at + 8, true) : 0;
  }

  private getGlobal(name: string, out: number): number {
    let handle = this.globals.get(name) ?? 0;
    // Absent for real: then WebLLM decodes bf16 by another function.
    if (handle === 0 && name !== 'tvmjs.array.decode_bf16_to_f32_inplace') {
      handle = this.object(Tag.Function, 0);
      this.natives.set(handle, this.native(name));
      this.globals.set(name, handle);
    }
    this.view.setUint32(out, handle, true);
    return 0;
  }

  private call(handle: number, args: number, count: number, ret: number): number {
    const values = Array.from({ length: count }, (_, i) => {
      const at = args + 16 * i;
      return { tag: this.view.getInt32(at, true), at };
    });
    try {
      this.natives.get(handle)?.(values, ret);
      return 0;
    } catch (thrown) {
      this.lastError = thrown instanceof Error ? thrown.message : String(thrown);
      return -1;
    }
  }

  private callHost(index: number, args: readonly Value[], ret: number): void {
    const at = this.alloc(16 * args.length);
    args.forEach((value, i) => this.bytes.copyWithin(at + 16 * i, value.at, value.at + 16));
    if (this.host['TVMFFIWasmSafeCall']?.(index, at, args.length, ret) !== 0) throw new Error(this.lastError);
  }

  private native(name: string): NativeFunction {
    switch (name) {
      case 'ffi.Shape':
        return (args, ret) => {
          const shape = this.object(Tag.Shape, 0);
          this.shapes.set(
            shape,
            args.map((arg) => this.number(arg)),
          );
          this.store(ret, Tag.Shape, shape);
        };
      case 'runtime.TVMTensorAllocWithScope':
        return ([shape, dtype, device], ret) => {
          const dims = this.shapes.get(this.pointer(shape)) ?? [];
          const type = this.readCString(this.pointer(dtype));
          this.store(ret, Tag.Tensor, this.tensor(dims, type, this.pointer(device)));
        };
      case 'vm.builtin.tensor_cache.update':
        return ([key]) => {
          this.cachedTensors.push(this.readCString(this.pointer(key)));
        };
      case 'vm.builtin.tensor_cache.clear':
        return () => {};
      default:
        return () => {
          throw new Error(`Cannot find function ${name}: this library has no compiled model`);
        };
    }
  }

  /** An object holding a DLTensor: data, device, ndim, dtype, shape, strides, byte offset. */
  private tensor(dims: readonly number[], type: string, deviceType: number): number {
    const [, kind = '', bits = '0'] = /^(u?int|float)(\d+)$/.exec(type) ?? [];
    const nbytes = dims.reduce((a, b) => a * b, Number(bits) / 8);
    const handle = this.object(Tag.Tensor, 40 + 8 * dims.length);
    const data = deviceType === webgpuDevice ? this.gpuBuffer(nbytes) : this.alloc(nbytes);
    const at = handle + headerBytes;
    const view = this.view;
    view.setUint32(at, data, true);
    view.setInt32(at + 4, deviceType, true);
    view.setInt32(at + 12, dims.length, true);
    view.setUint8(at + 16, ['int', 'uint', 'float'].indexOf(kind));
    view.setUint8(at + 17, Number(bits));
    view.setUint16(at + 18, 1, true);
    view.setUint32(at + 20, at + 40, true);
    dims.forEach((dim, i) => view.setBigInt64(at + 40 + 8 * i, BigInt(dim), true));
    return handle;
  }

  /** Asks WebLLM's own WebGPU device for it, as the C++ runtime does. */
  private gpuBuffer(nbytes: number): number {
    const name = this.alloc(16);
    this.store(name, Tag.RawString, this.cString('deviceAllocDataSpace'));
    const found = this.invoke(this.globals.get('wasm.WebGPUDeviceAPI') ?? 0, name);
    const size = this.alloc(16);
    this.store(size, Tag.Int, nbytes);
    const buffer = this.invoke(this.pointer(found), size);
    return this.number(buffer);
  }

  private invoke(handle: number, arg: number): Value {
    const ret = this.alloc(16);
    this.store(ret, Tag.None, 0);
    if (this.call(handle, arg, 1, ret) !== 0) throw new Error(this.lastError);
    return { tag: this.view.getInt32(ret, true), at: ret };
  }
}
