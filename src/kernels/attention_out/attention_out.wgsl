// y[n] += sum_k a[k] * dequant(W)[n,k]     a[h,:] = sum_s c[h,s] o[h,s,:], the shares of attention_split combined
// o: [heads, splits, headDim]   stats: [heads, splits] of (top, total)   state[0]: position
// q: u32 [N, K/8]   scales: [N, K/32]   y: [N]     K = heads * headDim
// dispatch: SLOTS sets of four rows per workgroup.   twin: reference/{attention,matmul_q4}.ts
// (common: matvec_core, splits, scale_*)
const MAX_SHARES = 1024u;                                    // heads * splits
struct Params { N: u32, heads: u32, head_dim: u32, splits: u32, span: u32, window: u32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<storage, read>       o: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read>       stats: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read>       q: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read>       scales: array<u32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;
@group(0) @binding(9) var<uniform>             p: Params;

var<workgroup> shares: array<f32, MAX_SHARES>;
var<private> used: u32;

fn x_at(i: u32) -> vec4<f32> {
  let quads = p.head_dim / 4u;
  let first = (i / quads) * p.splits;
  let quad = i % quads;
  var sum = vec4<f32>(0.0);
  for (var s = 0u; s < used; s++) {
    sum = fma(vec4<f32>(shares[first + s]), o[(first + s) * quads + quad], sum);
  }
  return sum;
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let first_row = (group.y * groups.x + group.x) * SLOTS * 4u;
  if (first_row >= p.N) { return; }
  used = active_splits(min(state[0] + 1u, p.window), p.span, p.splits);
  for (var head = thread; head < p.heads; head += WG) {
    var top = stats[head * p.splits].x;
    for (var s = 1u; s < used; s++) { top = max(top, stats[head * p.splits + s].x); }
    var total = 0.0;
    for (var s = 0u; s < used; s++) {
      let share = stats[head * p.splits + s];
      let weight = exp(share.x - top);
      shares[head * p.splits + s] = weight;
      total = fma(weight, share.y, total);
    }
    for (var s = 0u; s < used; s++) { shares[head * p.splits + s] /= total; }
  }
  workgroupBarrier();
  let lane = thread % LANES;
  let slot = thread / LANES;
  let row = first_row + slot * 4u;
  // Rows past the end read the last one and write nothing.
  let rows = min(vec4<u32>(row, row + 1u, row + 2u, row + 3u), vec4<u32>(p.N - 1u));
  let sums = sum_lanes(lane_dots(rows, p.heads * p.head_dim / 32u, lane, slot), lane, slot);
  if (lane != 0u) { return; }
  for (var j = 0u; j < 4u; j++) {
    if (row + j < p.N) { y[row + j] += sums[j]; }
  }
}
