// y[m, first + n] (+)= sum_k x[m,k] * dequant(W)[n,k], for software adapters: no thread waits for another
// x: [M, K]   q: u32 [N, K/8]   scales: [N, K/32]   y: [M, stride]   accumulate: add to what y holds
// dispatch: one thread per eight rows of x and four of W, those of W fastest.   twin: reference/matmul_q4.ts
// numerics: f32, k in order by eights   (common: matmul_q4_head, q4_eight or blocks_eight)
override WG: u32 = 16u;

struct Codes { low: mat4x4<f32>, high: mat4x4<f32> }         // eight codes of four rows of W, a row a column

// One row of x against the eight: low half of k, then high half.
fn dots(i: u32, codes: Codes) -> vec4<f32> {
  return x[i] * codes.low + x[i + 1u] * codes.high;
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let sets = (p.N + 3u) / 4u;
  let i = (group.y * groups.x + group.x) * WG + thread;
  if (i >= sets * ((p.M + 7u) / 8u)) { return; }
  let n = (i % sets) * 4u;
  let m = (i / sets) * 8u;
  // Rows past the end read the last one and write nothing.
  let rows = min(vec4<u32>(n, n + 1u, n + 2u, n + 3u), vec4<u32>(p.N - 1u));
  let low = min(vec4<u32>(m, m + 1u, m + 2u, m + 3u), vec4<u32>(p.M - 1u)) * (p.K / 4u);
  let high = min(vec4<u32>(m + 4u, m + 5u, m + 6u, m + 7u), vec4<u32>(p.M - 1u)) * (p.K / 4u);
  let words = p.K / 8u;
  let w0 = weight_row(rows.x, words / 4u);
  let w1 = weight_row(rows.y, words / 4u);
  let w2 = weight_row(rows.z, words / 4u);
  let w3 = weight_row(rows.w, words / 4u);
  var s0 = vec4<f32>(0.0);
  var s1 = vec4<f32>(0.0);
  var s2 = vec4<f32>(0.0);
  var s3 = vec4<f32>(0.0);
  var s4 = vec4<f32>(0.0);
  var s5 = vec4<f32>(0.0);
  var s6 = vec4<f32>(0.0);
  var s7 = vec4<f32>(0.0);
  for (var w = 0u; w < words; w++) {
    let e0 = eight_at(w0, w / 4u, w % 4u);
    let e1 = eight_at(w1, w / 4u, w % 4u);
    let e2 = eight_at(w2, w / 4u, w % 4u);
    let e3 = eight_at(w3, w / 4u, w % 4u);
    let codes = Codes(mat4x4<f32>(e0.low, e1.low, e2.low, e3.low), mat4x4<f32>(e0.high, e1.high, e2.high, e3.high));
    s0 += dots(low.x + w * 2u, codes);
    s1 += dots(low.y + w * 2u, codes);
    s2 += dots(low.z + w * 2u, codes);
    s3 += dots(low.w + w * 2u, codes);
    s4 += dots(high.x + w * 2u, codes);
    s5 += dots(high.y + w * 2u, codes);
    s6 += dots(high.z + w * 2u, codes);
    s7 += dots(high.w + w * 2u, codes);
  }
  // A loop, since compilers take their time for each place where something is written.
  var sums = array<vec4<f32>, 8>(s0, s1, s2, s3, s4, s5, s6, s7);
  for (var j = 0u; j < 8u * 4u; j++) {
    let row = m + j / 4u;
    let column = n + j % 4u;
    if (row >= p.M || column >= p.N) { continue; }
    let out = row * p.stride + p.first + column;
    let value = sums[j / 4u][j % 4u] + bias_at(column);
    if (p.accumulate != 0u) { y[out] += value; } else { y[out] = value; }
  }
}
