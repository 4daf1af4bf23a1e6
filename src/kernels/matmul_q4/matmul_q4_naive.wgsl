// y[m, first + n] (+)= sum_k x[m,k] * dequant(W)[n,k]
// x: [M, K]   q: u32 [N, K/8]   scales: [N, K/32]   y: [M, stride]   accumulate: add to what y holds
// dispatch: one thread per output, n fastest.   twin: reference/matmul_q4.ts   numerics: f32, k order by groups
// (common: matmul_q4_head, q4_eight or blocks_eight)
override WG: u32 = 64u;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * WG + lane;
  if (i >= p.M * p.N) { return; }
  let n = i % p.N;
  let m = i / p.N;
  let count = p.K / 32u;
  let row = weight_row(n, count);
  var sum = 0.0;
  for (var g = 0u; g < count; g++) {
    let at = m * p.K / 4u + g * 8u;
    var part = 0.0;
    for (var w = 0u; w < 4u; w++) {
      let weights = eight_at(row, g, w);
      part += dot(x[at + w * 2u], weights.low) + dot(x[at + w * 2u + 1u], weights.high);
    }
    sum += part;
  }
  sum += bias_at(n);
  let out = m * p.stride + p.first + n;
  if (p.accumulate != 0u) { sum += y[out]; }
  y[out] = sum;
}
