// Rotates Q and K of each row to its position, hands Q on and appends K and V to the cache.
// qkv: [rows, (heads + 2 kvHeads) * headDim]   table: [positions, rotary/2] of (cos, sin)   state[0]: position of row 0
// q: [rows, heads * headDim]   kv: rows of words, see base/kv-format.ts
// dispatch: one workgroup per row and head, a KV head's keys and values together.   twin: reference/rope_append.ts
// with reference/kv_format.ts   numerics: f32 products, table exact, then the format's   (common: kv_row, kv_append_*)
override WG: u32 = 64u;                                      // power of two
struct Params { rows: u32, heads: u32, kv_heads: u32, head_dim: u32, rotary: u32, pad0: u32, pad1: u32, pad2: u32 }
@group(0) @binding(0) var<storage, read>       qkv: array<f32>;
@group(0) @binding(1) var<storage, read>       table: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read_write> q: array<f32>;
@group(0) @binding(4) var<storage, read_write> kv: array<u32>;
@group(0) @binding(9) var<uniform>             p: Params;

var<workgroup> new_head: array<f32, 512>;                    // [2, head_dim]

// Dim d of the head that begins at `start`, rotated.
fn turned(start: u32, d: u32, position: u32) -> f32 {
  let pairs = p.rotary / 2u;
  let i = start + d;
  let value = qkv[i];
  if (d < pairs) {
    let turn = table[position * pairs + d];
    return value * turn.x - qkv[i + pairs] * turn.y;
  }
  if (d < p.rotary) {
    let turn = table[position * pairs + d - pairs];
    return value * turn.x + qkv[i - pairs] * turn.y;
  }
  return value;
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let i = group.y * groups.x + group.x;
  let units = p.heads + p.kv_heads;
  if (i >= p.rows * units) { return; }
  let row = i / units;
  let unit = i % units;
  let position = state[0] + row;
  let first = row * (units + p.kv_heads) * p.head_dim;
  let start = first + unit * p.head_dim;
  if (unit < p.heads) {
    for (var d = thread; d < p.head_dim; d += WG) {
      q[(row * p.heads + unit) * p.head_dim + d] = turned(start, d, position);
    }
    return;
  }
  for (var d = thread; d < p.head_dim; d += WG) {
    new_head[d] = turned(start, d, position);
    new_head[p.head_dim + d] = qkv[start + p.kv_heads * p.head_dim + d];
  }
  workgroupBarrier();
  append_head(position, unit - p.heads, thread);
}
