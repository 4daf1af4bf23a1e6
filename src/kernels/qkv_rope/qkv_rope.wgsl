// qkv = W norm(x) + bias; q and k rotated to position state[0]; q out, k and v appended to the cache
// x, gamma: [K]   weights: u32 [(heads + 2 kvHeads) * headDim, K/8]   table: [positions, rotary/2] of (cos, sin)
// q_out: [heads * headDim]   kv: rows of words, see base/kv-format.ts
// dispatch: SLOTS sets of two pairs of outputs per workgroup.   twin: reference/{rms_norm,matmul_q4,rope_append,
// kv_format}.ts   (common: matvec_core, normed_x, scale_*, kv_row, kv_put_*)
struct Params { K: u32, heads: u32, kv_heads: u32, head_dim: u32, rotary: u32, eps: f32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<storage, read>       x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read>       gamma: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read>       q: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read>       scales: array<u32>;
@group(0) @binding(4) var<storage, read>       table: array<vec2<f32>>;
@group(0) @binding(5) var<storage, read>       state: array<u32>;
@group(0) @binding(6) var<storage, read_write> q_out: array<f32>;
@group(0) @binding(7) var<storage, read_write> kv: array<u32>;
@group(0) @binding(9) var<uniform>             p: Params;

// Dims of the i-th pair of a head: (d, d + rotary/2) as far as they rotate, (d, d + 2) after that. Either way the
// pairs of an even i and the next one are neighbours: two words of the cache at most.
fn pair_dims(i: u32) -> vec2<u32> {
  let half = p.rotary / 2u;
  if (i < half) { return vec2<u32>(i, i + half); }
  let d = 2u * i - (i & 1u);
  return vec2<u32>(d, d + 2u);
}

fn turned(head: u32, i: u32, pair: vec2<f32>) -> vec2<f32> {
  let half = p.rotary / 2u;
  if (head >= p.heads + p.kv_heads || i >= half) { return pair; }
  let turn = table[state[0] * half + i];
  return vec2<f32>(pair.x * turn.x - pair.y * turn.y, pair.y * turn.x + pair.x * turn.y);
}

// The pairs i and i + 1 of a head, i even.
fn write_pairs(head: u32, i: u32, pairs: vec4<f32>) {
  let first = turned(head, i, pairs.xy);
  let second = turned(head, i + 1u, pairs.zw);
  let dims = pair_dims(i);
  if (head < p.heads) {
    let at = head * p.head_dim;
    q_out[at + dims.x] = first.x;
    q_out[at + dims.x + 1u] = second.x;
    q_out[at + dims.y] = first.y;
    q_out[at + dims.y + 1u] = second.y;
  } else {
    kv_put(state[0], head - p.heads, dims.x, vec2<f32>(first.x, second.x));
    kv_put(state[0], head - p.heads, dims.y, vec2<f32>(first.y, second.y));
  }
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let per_head = p.head_dim / 4u;
  let quads = (p.heads + 2u * p.kv_heads) * per_head;
  let first_quad = (group.y * groups.x + group.x) * SLOTS;
  if (first_quad >= quads) { return; }
  let lane = thread % LANES;
  let slot = thread / LANES;
  // Sets past the end repeat the last one and write nothing.
  let quad = min(first_quad + slot, quads - 1u);
  let head = quad / per_head;
  let i = (quad % per_head) * 2u;
  let rows = vec4<u32>(pair_dims(i), pair_dims(i + 1u)) + head * p.head_dim;
  let dots = sum_lanes(lane_dots(rows, p.K / 32u, lane, slot), lane, slot);
  let square = sum_over_x(squares, lane, slot);
  if (lane != 0u || first_quad + slot >= quads) { return; }
  let bias = vec4<f32>(bias_at(rows.x), bias_at(rows.y), bias_at(rows.z), bias_at(rows.w));
  write_pairs(head, i, dots * inverseSqrt(square / f32(p.K) + p.eps) + bias);
}
