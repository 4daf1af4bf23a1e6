// y[n] += sum_k x[k] * dequant(W)[n,k]
// x: [K]   q: u32 [N, K/8]   scales: [N, K/32]   y: [N]
// dispatch: SLOTS sets of four rows per workgroup.   twin: reference/matmul_q4.ts   (common: matvec_core, scale_*)
struct Params { N: u32, K: u32, first: u32, pad0: u32 }
@group(0) @binding(0) var<storage, read>       x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read>       q: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read>       scales: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(9) var<uniform>             p: Params;

fn x_at(i: u32) -> vec4<f32> {
  return x[i];
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
  let sums = sum_lanes(lane_dots(rows, p.K / 32u, lane, slot), lane, slot);
  if (lane != 0u) { return; }
  for (var j = 0u; j < 4u; j++) {
    if (row + j < p.N) { y[p.first + row + j] += sums[j]; }
  }
}
