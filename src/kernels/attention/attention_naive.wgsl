// out[r,h,:] = sum_t softmax_t(scale * q[r,h,:] . k[t,h/share,:]) v[t,h/share,:]  over the window of t <= state[0] + r
// q: [rows, heads * headDim]   kv: rows of words, see base/kv-format.ts   out: [rows, heads * headDim]
// dispatch: one workgroup per row and head.   twin: reference/attention.ts
// numerics: f32 online softmax over tiles of WG   (common: kv_row, kv_read_*, first_seen)
override WG: u32 = 64u;                                      // power of two, at least MAX_HEAD_DIM / OWNED
const MAX_HEAD_DIM = 256u;
const OWNED = 4u;                                            // head dims that one lane sums at WG = 64
const MASKED = -3.4e38;
struct Params { rows: u32, heads: u32, kv_heads: u32, head_dim: u32, scale: f32, splits: u32, span: u32, window: u32 }
@group(0) @binding(0) var<storage, read>       q: array<f32>;
@group(0) @binding(1) var<storage, read>       kv: array<KvWord>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read_write> out: array<f32>;
@group(0) @binding(9) var<uniform>             p: Params;

var<workgroup> query: array<f32, MAX_HEAD_DIM>;
var<workgroup> weights: array<f32, WG>;
var<workgroup> scratch: array<f32, WG>;

// Dim d of a head of position t.
fn kv_at(t: u32, slot: u32, d: u32) -> f32 {
  return kv_quad(t, slot, d / 4u)[d % 4u] * kv_scale(t, slot);
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let i = group.y * groups.x + group.x;
  if (i >= p.rows * p.heads) { return; }
  let row = i / p.heads;
  let head = i % p.heads;
  let keys = head / (p.heads / p.kv_heads);
  let values = p.kv_heads + keys;
  let length = state[0] + row + 1u;
  for (var d = lane; d < p.head_dim; d += WG) {
    query[d] = q[(row * p.heads + head) * p.head_dim + d] * p.scale;
  }
  workgroupBarrier();
  var sums: array<f32, OWNED>;
  var top = MASKED;
  var total = 0.0;
  for (var start = first_seen(length - 1u, p.window); start < length; start += WG) {
    let t = start + lane;
    var score = MASKED;
    if (t < length) {
      score = 0.0;
      for (var d = 0u; d < p.head_dim; d++) {
        score = fma(query[d], kv_at(t, keys, d), score);
      }
    }
    scratch[lane] = score;
    workgroupBarrier();
    for (var half = WG / 2u; half > 0u; half /= 2u) {
      if (lane < half) { scratch[lane] = max(scratch[lane], scratch[lane + half]); }
      workgroupBarrier();
    }
    let new_top = max(top, scratch[0]);
    let shrink = exp(top - new_top);
    top = new_top;
    weights[lane] = select(0.0, exp(score - top), t < length);
    workgroupBarrier();
    let count = min(WG, length - start);
    total *= shrink;
    for (var j = 0u; j < count; j++) { total += weights[j]; }
    for (var o = 0u; o < OWNED; o++) {
      let d = o * WG + lane;
      if (d < p.head_dim) {
        var sum = sums[o] * shrink;
        for (var j = 0u; j < count; j++) {
          sum = fma(weights[j], kv_at(start + j, values, d), sum);
        }
        sums[o] = sum;
      }
    }
    workgroupBarrier();
  }
  for (var o = 0u; o < OWNED; o++) {
    let d = o * WG + lane;
    if (d < p.head_dim) { out[(row * p.heads + head) * p.head_dim + d] = sums[o] / total; }
  }
}
