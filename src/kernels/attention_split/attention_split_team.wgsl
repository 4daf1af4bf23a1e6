// The same as attention_split, for GPUs whose time goes into memory and barriers: LANES lanes are a team, neighbouring
// lanes read neighbouring words, and a team takes four positions at a time through keys, softmax and values by itself.
// No team waits for another before the end, but for the barrier that team_tree needs.
// q, kv, state, o, stats, dispatch, twin: as attention_split; heads of whole eights of dims
// numerics: f32 online softmax of each team, then of all
// (common: splits, first_seen, kv_row, kv_pair*, team_{tree,subgroup}, and attention_split_{direct,staged})
override WG: u32 = 64u;                                      // power of two, at least headDim / 4
override LANES: u32 = 4u;                                    // power of two
override UNITS: u32 = 3u;                                    // eights of dims of a lane, at most 4
override SLOTS: u32 = 16u;                                   // teams whose sums are in workgroup memory at once
const MASKED = -3.4e38;
struct Params { heads: u32, kv_heads: u32, head_dim: u32, splits: u32, span: u32, scale: f32, window: u32, pad0: u32 }
@group(0) @binding(0) var<storage, read>       q: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read_write> o: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> stats: array<vec2<f32>>;
@group(0) @binding(9) var<uniform>             p: Params;

var<workgroup> slots: array<vec4<f32>, SLOTS * LANES * UNITS * 2u>;
var<workgroup> tops: array<vec2<f32>, WG / LANES>;

// Zeros past the head's end, so that it does not matter what the keys have there.
fn query_of(head: u32, unit: u32) -> mat2x4<f32> {
  let at = (head * p.head_dim + 8u * unit) / 4u;
  if (unit >= LANES * UNITS || 8u * unit >= p.head_dim) { return mat2x4<f32>(); }
  return mat2x4<f32>(q[at], q[at + 1u]) * p.scale;
}

fn dot_8(a: mat2x4<f32>, b: mat2x4<f32>) -> f32 {
  return dot(a[0], b[0]) + dot(a[1], b[1]);
}

fn dots(query: mat2x4<f32>, at: vec4<u32>, slot: u32, unit: u32) -> vec4<f32> {
  return vec4<f32>(dot_8(query, kv_pair(at.x, slot, unit)), dot_8(query, kv_pair(at.y, slot, unit)),
                   dot_8(query, kv_pair(at.z, slot, unit)), dot_8(query, kv_pair(at.w, slot, unit)));
}

fn weighted(shares: vec4<f32>, at: vec4<u32>, slot: u32, unit: u32) -> mat2x4<f32> {
  return kv_pair(at.x, slot, unit) * shares.x + kv_pair(at.y, slot, unit) * shares.y
       + kv_pair(at.z, slot, unit) * shares.z + kv_pair(at.w, slot, unit) * shares.w;
}

fn scales(at: vec4<u32>, slot: u32) -> vec4<f32> {
  return vec4<f32>(kv_scale(at.x, slot), kv_scale(at.y, slot), kv_scale(at.z, slot), kv_scale(at.w, slot));
}

fn newest_pair(values: bool, unit: u32) -> mat2x4<f32> {
  return mat2x4<f32>(newest_quad(values, 2u * unit), newest_quad(values, 2u * unit + 1u));
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
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
  let keys = head / (p.heads / p.kv_heads);
  let values = p.kv_heads + keys;
  let teams = WG / LANES;
  let team = thread / LANES;
  let lane = thread % LANES;
  let q0 = query_of(head, lane);
  let q1 = query_of(head, lane + LANES);
  let q2 = query_of(head, lane + 2u * LANES);
  let q3 = query_of(head, lane + 3u * LANES);
  // Lanes without dims read the last ones.
  let unit = min(vec4<u32>(lane, lane + LANES, lane + 2u * LANES, lane + 3u * LANES), vec4<u32>(p.head_dim / 8u - 1u));
  var s0 = mat2x4<f32>();
  var s1 = mat2x4<f32>();
  var s2 = mat2x4<f32>();
  var s3 = mat2x4<f32>();
  var top = MASKED;
  var total = 0.0;
  // The newest position comes first where it is not in the cache yet.
  let newest = STAGED && split + 1u == used;
  let end = first + ((length - first) * (split + 1u)) / used - u32(newest);
  if (newest) {
    take_newest(head, thread);
    var product = dot_8(q0, newest_pair(false, unit.x));
    if (UNITS > 1u) { product += dot_8(q1, newest_pair(false, unit.y)); }
    if (UNITS > 2u) { product += dot_8(q2, newest_pair(false, unit.z)); }
    if (UNITS > 3u) { product += dot_8(q3, newest_pair(false, unit.w)); }
    let score = team_sum(vec4<f32>(product), thread).x;
    if (team == 0u) {
      top = score;
      total = 1.0;
      s0 = newest_pair(true, unit.x);
      if (UNITS > 1u) { s1 = newest_pair(true, unit.y); }
      if (UNITS > 2u) { s2 = newest_pair(true, unit.z); }
      if (UNITS > 3u) { s3 = newest_pair(true, unit.w); }
    }
  }
  for (var start = begin; start < end; start += 4u * teams) {
    let four = start + team + vec4<u32>(0u, 1u, 2u, 3u) * teams;
    let seen = four < vec4<u32>(end);
    // Positions past the share's end read its last one and weigh nothing.
    let at = min(four, vec4<u32>(end - 1u));
    var products = dots(q0, at, keys, unit.x);
    if (UNITS > 1u) { products += dots(q1, at, keys, unit.y); }
    if (UNITS > 2u) { products += dots(q2, at, keys, unit.z); }
    if (UNITS > 3u) { products += dots(q3, at, keys, unit.w); }
    let scores = select(vec4<f32>(MASKED), team_sum(products, thread) * scales(at, keys), seen);
    let new_top = max(top, max(max(scores.x, scores.y), max(scores.z, scores.w)));
    let shrink = exp(top - new_top);
    top = new_top;
    let weights = select(vec4<f32>(0.0), exp(scores - top), seen);
    total = fma(total, shrink, dot(weights, vec4<f32>(1.0)));
    let shares = weights * scales(at, values);
    s0 = s0 * shrink + weighted(shares, at, values, unit.x);
    if (UNITS > 1u) { s1 = s1 * shrink + weighted(shares, at, values, unit.y); }
    if (UNITS > 2u) { s2 = s2 * shrink + weighted(shares, at, values, unit.z); }
    if (UNITS > 3u) { s3 = s3 * shrink + weighted(shares, at, values, unit.w); }
  }
  if (lane == 0u) { tops[team] = vec2<f32>(top, total); }
  workgroupBarrier();
  var highest = MASKED;
  for (var j = 0u; j < teams; j++) { highest = max(highest, tops[j].x); }
  let fit = exp(top - highest);
  let folded = folded_teams();
  s0 = fold_teams(s0 * fit);
  if (UNITS > 1u) { s1 = fold_teams(s1 * fit); }
  if (UNITS > 2u) { s2 = fold_teams(s2 * fit); }
  if (UNITS > 3u) { s3 = fold_teams(s3 * fit); }
  let slot = team / folded * LANES * UNITS * 2u + 2u * lane;
  if (team % folded == 0u) {
    slots[slot] = s0[0];
    slots[slot + 1u] = s0[1];
    if (UNITS > 1u) {
      slots[slot + 2u * LANES] = s1[0];
      slots[slot + 2u * LANES + 1u] = s1[1];
    }
    if (UNITS > 2u) {
      slots[slot + 4u * LANES] = s2[0];
      slots[slot + 4u * LANES + 1u] = s2[1];
    }
    if (UNITS > 3u) {
      slots[slot + 6u * LANES] = s3[0];
      slots[slot + 6u * LANES + 1u] = s3[1];
    }
  }
  workgroupBarrier();
  let quads = p.head_dim / 4u;
  if (thread < quads) {
    var sum = slots[thread];
    for (var j = 1u; j < teams / folded; j++) { sum += slots[j * LANES * UNITS * 2u + thread]; }
    o[i * quads + thread] = sum;
  }
  if (thread == 0u) {
    var all = 0.0;
    for (var j = 0u; j < teams; j++) { all = fma(exp(tops[j].x - highest), tops[j].y, all); }
    stats[i] = vec2<f32>(highest, all);
  }
}
