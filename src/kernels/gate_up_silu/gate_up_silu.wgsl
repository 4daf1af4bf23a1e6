// y[f] = up * silu(gate)   gate, up = rows f and F + f of W times norm(x)
// x, gamma: [K]   q: u32 [2F, K/8]   scales: [2F, K/32]   y: [F]
// dispatch: SLOTS sets of two outputs per workgroup.   twin: reference/{rms_norm,matmul_q4,silu_mul}.ts
// (common: matvec_core, normed_x, scale_*)
struct Params { F: u32, K: u32, eps: f32, pad0: u32 }
@group(0) @binding(0) var<storage, read>       x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read>       gamma: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read>       q: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read>       scales: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
@group(0) @binding(9) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let first_row = (group.y * groups.x + group.x) * SLOTS * 2u;
  if (first_row >= p.F) { return; }
  let lane = thread % LANES;
  let slot = thread / LANES;
  let row = first_row + slot * 2u;
  // Outputs past the end read the last rows and write nothing.
  let gates = min(vec2<u32>(row, row + 1u), vec2<u32>(p.F - 1u));
  let dots = sum_lanes(lane_dots(vec4<u32>(gates, gates + p.F), p.K / 32u, lane, slot), lane, slot);
  let square = sum_over_x(squares, lane, slot);
  if (lane != 0u) { return; }
  let sums = dots * inverseSqrt(square / f32(p.K) + p.eps);
  // Past 80 the result is zero to f32 anyway, and WGSL promises nothing about infinities.
  let outputs = sums.zw * sums.xy / (1.0 + exp(min(-sums.xy, vec2<f32>(80.0))));
  if (row < p.F) { y[row] = outputs.x; }
  if (row + 1u < p.F) { y[row + 1u] = outputs.y; }
}
