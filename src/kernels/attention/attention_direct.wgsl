// out[r,h,:] = sum_t softmax_t(scale * q[r,h,:] . k[t,h/share,:]) v[t,h/share,:]  over the window of t <= state[0] + r
// for software adapters: no thread waits for another; the scores are computed anew for every 32 dims of a head
// q: [rows, heads * headDim]   kv: rows of words, see base/kv-format.ts   out: [rows, heads * headDim]
// dispatch: one thread per row, head and 32 dims, rows fastest.   twin: reference/attention.ts
// numerics: f32 online softmax over four positions at a time   (common: kv_row, kv_read_*, first_seen)
override WG: u32 = 16u;
const OWNED = 8u;                                            // quads of a head that a thread sums
const MASKED = -3.4e38;
struct Params { rows: u32, heads: u32, kv_heads: u32, head_dim: u32, scale: f32, splits: u32, span: u32, window: u32 }
@group(0) @binding(0) var<storage, read>       q: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read>       kv: array<KvWord>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(9) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let quads = p.head_dim / 4u;
  let i = (group.y * groups.x + group.x) * WG + thread;
  if (i >= p.rows * p.heads * ((quads + OWNED - 1u) / OWNED)) { return; }
  let row = i % p.rows;
  let head = (i / p.rows) % p.heads;
  let first = i / p.rows / p.heads * OWNED;
  let keys = head / (p.heads / p.kv_heads);
  let values = p.kv_heads + keys;
  let length = state[0] + row + 1u;
  let query = (row * p.heads + head) * quads;
  // Quads past the head's end read the last one and are not written.
  let low = min(vec4<u32>(first, first + 1u, first + 2u, first + 3u), vec4<u32>(quads - 1u));
  let high = min(vec4<u32>(first + 4u, first + 5u, first + 6u, first + 7u), vec4<u32>(quads - 1u));
  var s0 = vec4<f32>(0.0);
  var s1 = vec4<f32>(0.0);
  var s2 = vec4<f32>(0.0);
  var s3 = vec4<f32>(0.0);
  var s4 = vec4<f32>(0.0);
  var s5 = vec4<f32>(0.0);
  var s6 = vec4<f32>(0.0);
  var s7 = vec4<f32>(0.0);
  var top = MASKED;
  var total = 0.0;
  for (var t = first_seen(length - 1u, p.window); t < length; t += 4u) {
    // Positions past the last one read it again and weigh nothing.
    let four = t + vec4<u32>(0u, 1u, 2u, 3u);
    let at = min(four, vec4<u32>(length - 1u));
    var scores = vec4<f32>(0.0);
    for (var quad = 0u; quad < quads; quad++) {
      let query_quad = q[query + quad];
      scores += vec4<f32>(dot(query_quad, kv_quad(at.x, keys, quad)), dot(query_quad, kv_quad(at.y, keys, quad)),
                          dot(query_quad, kv_quad(at.z, keys, quad)), dot(query_quad, kv_quad(at.w, keys, quad)));
    }
    scores = select(vec4<f32>(MASKED), scores * scales(at, keys) * p.scale, four < vec4<u32>(length));
    let new_top = max(top, max(max(scores.x, scores.y), max(scores.z, scores.w)));
    let shrink = exp(top - new_top);
    let weights = exp(scores - new_top);
    top = new_top;
    total = total * shrink + dot(weights, vec4<f32>(1.0));
    let shares = weights * scales(at, values);
    s0 *= shrink;
    s1 *= shrink;
    s2 *= shrink;
    s3 *= shrink;
    s4 *= shrink;
    s5 *= shrink;
    s6 *= shrink;
    s7 *= shrink;
    // A loop, since compilers take their time for each place where the cache is read.
    for (var j = 0u; j < 4u; j++) {
      let share = shares[j];
      let position = at[j];
      s0 += share * kv_quad(position, values, low.x);
      s1 += share * kv_quad(position, values, low.y);
      s2 += share * kv_quad(position, values, low.z);
      s3 += share * kv_quad(position, values, low.w);
      s4 += share * kv_quad(position, values, high.x);
      s5 += share * kv_quad(position, values, high.y);
      s6 += share * kv_quad(position, values, high.z);
      s7 += share * kv_quad(position, values, high.w);
    }
  }
  var sums = array<vec4<f32>, OWNED>(s0, s1, s2, s3, s4, s5, s6, s7);
  for (var j = 0u; j < min(OWNED, quads - first); j++) { out[query + first + j] = sums[j] / total; }
}

fn scales(at: vec4<u32>, slot: u32) -> vec4<f32> {
  return vec4<f32>(kv_scale(at.x, slot), kv_scale(at.y, slot), kv_scale(at.z, slot), kv_scale(at.w, slot));
}
