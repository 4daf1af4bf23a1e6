// Attention of one row over a share of the positions, unnormalised: for head h and split s of those in use
// o[h,s,:] = sum_t exp(score_t - top) v[t,:]   stats[h,s] = (top, sum_t exp(score_t - top))   t in the share
// q: [heads * headDim]   kv: rows of words, see base/kv-format.ts   state[0]: position, whose window is seen
// o: [heads, splits, headDim]   stats: [heads, splits]; shares past those in use are not written
// dispatch: one workgroup per head and split.   twin: reference/attention.ts with attention_out
// numerics: f32 online softmax over tiles of WG   (common: splits, first_seen, kv_row, kv_read_*, and attention_split_{direct,staged})
override WG: u32 = 64u;                                      // power of two, at least headDim / 4
const MAX_QUADS = 64u;
const MASKED = -3.4e38;
struct Params { heads: u32, kv_heads: u32, head_dim: u32, splits: u32, span: u32, scale: f32, window: u32, pad0: u32 }
@group(0) @binding(0) var<storage, read>       q: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read_write> o: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> stats: array<vec2<f32>>;
@group(0) @binding(9) var<uniform>             p: Params;

var<workgroup> query: array<vec4<f32>, MAX_QUADS>;
var<workgroup> weights: array<f32, WG>;
var<workgroup> scratch: array<f32, WG>;
var<workgroup> sums: array<vec4<f32>, WG>;

// The whole workgroup calls it.
fn newest_score(lane: u32) -> f32 {
  var product = 0.0;
  for (var d = lane; d < p.head_dim / 4u; d += WG) { product += dot(query[d], newest_quad(false, d)); }
  scratch[lane] = product;
  workgroupBarrier();
  for (var half = WG / 2u; half > 0u; half /= 2u) {
    if (lane < half) { scratch[lane] += scratch[lane + half]; }
    workgroupBarrier();
  }
  let score = scratch[0];
  workgroupBarrier();
  return score;
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let i = group.y * groups.x + group.x;
  if (i >= p.heads * p.splits) { return; }
  let head = i / p.splits;
  let split = i % p.splits;
  let length = state[0] + 1u;
  let first = first_seen(state[0], p.window);
  let used = active_splits(length - first, p.span, p.splits);
  if (split >= used) { return; }
  // Shares differ by one at most, and none is empty.
  let begin = first + ((length - first) * split) / used;
  let quads = p.head_dim / 4u;
  let keys = head / (p.heads / p.kv_heads);
  let values = p.kv_heads + keys;
  if (lane < quads) { query[lane] = q[head * quads + lane] * p.scale; }
  workgroupBarrier();
  // For the values, lanes form teams of one lane per quad of dims; each team takes every teams-th position.
  let teams = WG / quads;
  let team = lane / quads;
  let quad = lane % quads;
  // The newest position comes first where it is not in the cache yet.
  let newest = STAGED && split + 1u == used;
  let end = first + ((length - first) * (split + 1u)) / used - u32(newest);
  var top = MASKED;
  var total = 0.0;
  var sum = vec4<f32>(0.0);
  if (newest) {
    take_newest(head, lane);
    top = newest_score(lane);
    total = select(0.0, 1.0, lane == 0u);
    if (team == 0u) { sum = newest_quad(true, quad); }
  }
  for (var start = begin; start < end; start += WG) {
    let t = start + lane;
    var score = MASKED;
    if (t < end) {
      var products = vec4<f32>(0.0);
      for (var d = 0u; d < quads; d++) { products = fma(query[d], kv_quad(t, keys, d), products); }
      score = (products.x + products.y + products.z + products.w) * kv_scale(t, keys);
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
    var weight = 0.0;
    weights[lane] = 0.0;
    if (t < end) {
      weight = exp(score - top);
      weights[lane] = weight * kv_scale(t, values);
    }
    total = fma(total, shrink, weight);
    workgroupBarrier();
    sum *= shrink;
    if (team < teams) {
      let count = min(WG, end - start);
      for (var j = team; j < count; j += teams) {
        sum = fma(vec4<f32>(weights[j]), kv_quad(start + j, values, quad), sum);
      }
    }
    workgroupBarrier();
  }
  scratch[lane] = total;
  sums[lane] = sum;
  workgroupBarrier();
  for (var half = WG / 2u; half > 0u; half /= 2u) {
    if (lane < half) { scratch[lane] += scratch[lane + half]; }
    workgroupBarrier();
  }
  if (lane < quads) {
    var all = sums[lane];
    for (var j = 1u; j < teams; j++) { all += sums[j * quads + lane]; }
    o[i * quads + lane] = all;
  }
  if (lane == 0u) { stats[i] = vec2<f32>(top, scratch[0]); }
}
