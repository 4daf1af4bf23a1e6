// y[m, first + n] (+)= sum_k x[m,k] * dequant(W)[n,k]
// x: [M, K]   q: u32 [N, K/8]   scales: [N, K/32]   y: [M, stride]   accumulate: add to what y holds
// dispatch: one thread per output, n fastest.   twin: reference/matmul_q4.ts   numerics: f32, k order by groups
// (common: scale_*, q4_codes)
override WG: u32 = 64u;
struct Params { M: u32, N: u32, K: u32, first: u32, stride: u32, accumulate: u32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<storage, read>       x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read>       q: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read>       scales: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(9) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * WG + lane;
  if (i >= p.M * p.N) { return; }
  let n = i % p.N;
  let m = i / p.N;
  let count = p.K / 32u;
  var sum = 0.0;
  for (var g = 0u; g < count; g++) {
    let words = q[n * count + g];
    let at = m * p.K / 4u + g * 8u;
    var part = 0.0;
    for (var w = 0u; w < 4u; w++) {
      part += dot(x[at + w * 2u], q4_low(words[w])) + dot(x[at + w * 2u + 1u], q4_high(words[w]));
    }
    sum = fma(part, scale_at(n * count + g), sum);
  }
  let out = m * p.stride + p.first + n;
  if (p.accumulate != 0u) { sum += y[out]; }
  y[out] = sum;
}
