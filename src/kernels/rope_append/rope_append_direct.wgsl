// rope_append.wgsl for software adapters, which compile a kernel without barriers in a fraction of the time: no thread
// waits for another. For caches whose numbers need no scale of the whole head.
// qkv, table, state, q, kv: as there
// dispatch: one thread per two dims of a row's head, of queries, keys or values, dims fastest.
// twin: reference/rope_append.ts with reference/kv_format.ts   numerics: as there   (common: kv_row, kv_put_*)
override WG: u32 = 16u;
struct Params { rows: u32, heads: u32, kv_heads: u32, head_dim: u32, rotary: u32, pad0: u32, pad1: u32, pad2: u32 }
@group(0) @binding(0) var<storage, read>       qkv: array<f32>;
@group(0) @binding(1) var<storage, read>       table: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read_write> q: array<f32>;
@group(0) @binding(4) var<storage, read_write> kv: array<u32>;
@group(0) @binding(9) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let two = p.head_dim / 2u;
  let slots = p.heads + 2u * p.kv_heads;
  let i = (group.y * groups.x + group.x) * WG + thread;
  if (i >= p.rows * slots * two) { return; }
  let dim = (i % two) * 2u;
  let slot = (i / two) % slots;
  let row = i / two / slots;
  let position = state[0] + row;
  var pair = vec2<f32>(qkv[2u * i], qkv[2u * i + 1u]);
  // Values stay as they are, and so does what is past the rotary dims, an even number.
  if (slot < p.heads + p.kv_heads && dim < p.rotary) {
    let pairs = p.rotary / 2u;
    for (var j = 0u; j < 2u; j++) {
      let low = dim + j < pairs;
      let turn = table[position * pairs + dim + j - select(pairs, 0u, low)];
      let across = qkv[select(2u * i + j - pairs, 2u * i + j + pairs, low)];
      pair[j] = pair[j] * turn.x + select(across, -across, low) * turn.y;
    }
  }
  if (slot >= p.heads) {
    kv_put(position, slot - p.heads, dim, pair);
    return;
  }
  let at = (row * p.heads + slot) * p.head_dim + dim;
  q[at] = pair.x;
  q[at + 1u] = pair.y;
}
