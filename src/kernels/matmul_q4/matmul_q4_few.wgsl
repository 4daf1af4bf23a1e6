// y[m, first + n] (+)= sum_k x[m,k] * dequant(W)[n,k] for up to eight rows of x, each weight read and unpacked once
// x: [M, K]   q: u32 [N, K/8]   scales: [N, K/32]   y: [M, stride]   accumulate: add to what y holds
// dispatch: SLOTS sets of four rows of W per workgroup, K shared out over LANES lanes.   twin: reference/matmul_q4.ts
// numerics: f32, lanes in order (common: matmul_q4_head, q4_eight or blocks_eight)
override LANES: u32 = 32u;
override SLOTS: u32 = 2u;
override WG: u32 = LANES * SLOTS;
override PARTIALS: u32 = WG * 8u;

var<workgroup> partial: array<vec4<f32>, PARTIALS>;          // [SLOTS][8 rows of x][LANES], four rows of W each

struct Codes { low: mat4x4<f32>, high: mat4x4<f32> }         // eight codes of four rows of W, a row a column

// One row of x against the eight: low half of k, then high half.
fn dots(i: u32, codes: Codes) -> vec4<f32> {
  return x[i] * codes.low + x[i + 1u] * codes.high;
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let first_row = (group.y * groups.x + group.x) * SLOTS * 4u;
  if (first_row >= p.N) { return; }
  let lane = thread % LANES;
  let slot = thread / LANES;
  let n = first_row + slot * 4u;
  // Rows past the end read the last one and write nothing; so do rows of x.
  let rows = min(vec4<u32>(n, n + 1u, n + 2u, n + 3u), vec4<u32>(p.N - 1u));
  let count = p.K / 32u;
  let w0 = weight_row(rows.x, count);
  let w1 = weight_row(rows.y, count);
  let w2 = weight_row(rows.z, count);
  let w3 = weight_row(rows.w, count);
  let quads = p.K / 4u;
  let last = p.M - 1u;
  let r1 = min(1u, last) * quads;
  let r2 = min(2u, last) * quads;
  let r3 = min(3u, last) * quads;
  let r4 = min(4u, last) * quads;
  let r5 = min(5u, last) * quads;
  let r6 = min(6u, last) * quads;
  let r7 = min(7u, last) * quads;
  var s0 = vec4<f32>(0.0);
  var s1 = vec4<f32>(0.0);
  var s2 = vec4<f32>(0.0);
  var s3 = vec4<f32>(0.0);
  var s4 = vec4<f32>(0.0);
  var s5 = vec4<f32>(0.0);
  var s6 = vec4<f32>(0.0);
  var s7 = vec4<f32>(0.0);
  // A word is eight weights; neighbouring lanes read neighbouring words, and the x that goes with them.
  for (var w = lane; w < count * 4u; w += LANES) {
    let e0 = eight_at(w0, w / 4u, w % 4u);
    let e1 = eight_at(w1, w / 4u, w % 4u);
    let e2 = eight_at(w2, w / 4u, w % 4u);
    let e3 = eight_at(w3, w / 4u, w % 4u);
    let codes = Codes(mat4x4<f32>(e0.low, e1.low, e2.low, e3.low), mat4x4<f32>(e0.high, e1.high, e2.high, e3.high));
    let i = w * 2u;
    s0 += dots(i, codes);
    s1 += dots(r1 + i, codes);
    s2 += dots(r2 + i, codes);
    s3 += dots(r3 + i, codes);
    s4 += dots(r4 + i, codes);
    s5 += dots(r5 + i, codes);
    s6 += dots(r6 + i, codes);
    s7 += dots(r7 + i, codes);
  }
  let mine = slot * 8u * LANES + lane;
  partial[mine] = s0;
  partial[mine + LANES] = s1;
  partial[mine + 2u * LANES] = s2;
  partial[mine + 3u * LANES] = s3;
  partial[mine + 4u * LANES] = s4;
  partial[mine + 5u * LANES] = s5;
  partial[mine + 6u * LANES] = s6;
  partial[mine + 7u * LANES] = s7;
  workgroupBarrier();
  for (var m = lane; m < p.M; m += LANES) {
    var sum = vec4<f32>(0.0);
    for (var l = 0u; l < LANES; l++) { sum += partial[(slot * 8u + m) * LANES + l]; }
    for (var j = 0u; j < 4u; j++) {
      if (n + j < p.N) {
        let out = m * p.stride + p.first + n + j;
        let value = sum[j] + bias_at(n + j);
        if (p.accumulate != 0u) { y[out] += value; } else { y[out] = value; }
      }
    }
  }
}
