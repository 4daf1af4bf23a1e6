// Rotates Q and K of each row to its position, hands Q on and appends K and V to the cache.
// qkv: [rows, (heads + 2 kvHeads) * headDim]   table: [positions, rotary/2] of (cos, sin)   state[0]: position of row 0
// q: [rows, heads * headDim]   kv: [positions, 2, kvHeads * headDim], K before V
// dispatch: one thread per element of qkv.   twin: reference/rope_append.ts   numerics: f32 products, table exact
override WG: u32 = 64u;
struct Params { rows: u32, heads: u32, kv_heads: u32, head_dim: u32, rotary: u32, pad0: u32, pad1: u32, pad2: u32 }
@group(0) @binding(0) var<storage, read>       qkv: array<f32>;
@group(0) @binding(1) var<storage, read>       table: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read_write> q: array<f32>;
@group(0) @binding(4) var<storage, read_write> kv: array<f32>;
@group(1) @binding(0) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * WG + lane;
  let width = (p.heads + 2u * p.kv_heads) * p.head_dim;
  if (i >= p.rows * width) { return; }
  let row = i / width;
  let column = i % width;
  let position = state[0] + row;
  let q_width = p.heads * p.head_dim;
  let kv_width = p.kv_heads * p.head_dim;
  if (column >= q_width + kv_width) {
    kv[position * 2u * kv_width + column - q_width] = qkv[i];
    return;
  }
  let d = column % p.head_dim;
  let pairs = p.rotary / 2u;
  var value = qkv[i];
  if (d < pairs) {
    let turn = table[position * pairs + d];
    value = value * turn.x - qkv[i + pairs] * turn.y;
  } else if (d < p.rotary) {
    let turn = table[position * pairs + d - pairs];
    value = value * turn.x + qkv[i - pairs] * turn.y;
  }
  if (column < q_width) {
    q[row * q_width + column] = value;
  } else {
    kv[position * 2u * kv_width + column - q_width] = value;
  }
}
