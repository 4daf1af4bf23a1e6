// out[r,h,:] = sum_s c[r,h,s] o[r,h,s,:] / sum_s c[r,h,s] total[r,h,s]   c = exp(top - the largest top)
// o: [rows, heads, splits, headDim]   stats: [rows, heads, splits] of (top, total)   state[0]: position of the first row
// out: [rows, heads * headDim]
// dispatch: a thread per four dims.   twin: reference/attention.ts with attention_shares   (common: splits,
// first_seen)
override WG: u32 = 64u;
struct Params { rows: u32, heads: u32, head_dim: u32, splits: u32, span: u32, window: u32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<storage, read>       o: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read>       stats: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(9) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let quads = p.head_dim / 4u;
  let i = (group.y * groups.x + group.x) * WG + thread;
  if (i >= p.rows * p.heads * quads) { return; }
  let first = i / quads * p.splits;
  let seen = state[0] + p.rows - first_seen(state[0], p.window);
  let used = active_splits(seen, p.span, p.splits);
  var top = stats[first].x;
  for (var s = 1u; s < used; s++) { top = max(top, stats[first + s].x); }
  var sum = vec4<f32>(0.0);
  var total = 0.0;
  for (var s = 0u; s < used; s++) {
    let weight = exp(stats[first + s].x - top);
    sum = fma(vec4<f32>(weight), o[(first + s) * quads + i % quads], sum);
    total = fma(weight, stats[first + s].y, total);
  }
  out[i] = sum / total;
}
