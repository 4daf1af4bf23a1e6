// y[first + n] = sum_k (x[k] / rms(x) * gamma[k]) * dequant(W)[n,k]      rms(x) = sqrt(mean(x^2) + eps)
// x: one row [K], from x_offset on   gamma: [K]   q: u32 [N, K/8]   scales: [N, K/32]   y: [first + N ..]
// dispatch: SLOTS sets of four rows per workgroup.   twin: reference/rms_norm.ts, matmul_q4.ts
// (common: matvec_core, scale_*)
struct Params { N: u32, K: u32, first: u32, eps: f32, x_offset: u32, pad0: u32, pad1: u32, pad2: u32 }
@group(0) @binding(0) var<storage, read>       x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read>       gamma: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read>       q: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read>       scales: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
@group(0) @binding(9) var<uniform>             p: Params;

// x * gamma now, 1 / rms at the end, from the squares gathered on the way.
var<private> squares: f32;
fn x_at(i: u32) -> vec4<f32> {
  let v = x[p.x_offset / 4u + i];
  squares += dot(v, v);
  return v * gamma[i];
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let first_row = (group.y * groups.x + group.x) * SLOTS * 4u;
  if (first_row >= p.N) { return; }
  let lane = thread % LANES;
  let slot = thread / LANES;
  let row = first_row + slot * 4u;
  // Rows past the end read the last one and write nothing.
  let rows = min(vec4<u32>(row, row + 1u, row + 2u, row + 3u), vec4<u32>(p.N - 1u));
  let dots = sum_lanes(lane_dots(rows, p.K / 32u, lane, slot), lane, slot);
  let square = sum_over_x(squares, lane, slot);
  if (lane != 0u) { return; }
  let sums = dots * inverseSqrt(square / f32(p.K) + p.eps);
  for (var j = 0u; j < 4u; j++) {
    if (row + j < p.N) { y[p.first + row + j] = sums[j]; }
  }
}
