// y[m, first + n] (+)= sum_k x[m,k] * dequant(W)[n,k]
// x: [M, K]   q: u32 [N, K/8]   scales: [N, K/32]   y: [M, stride]   accumulate: add to what y holds
// dispatch: one workgroup per BM x 64 outputs, each thread 4 x 4 of them.   twin: reference/matmul_q4.ts
// numerics: f32, k in order by fours; a tile is one group of 32 weights, dequantised once for all its rows
// (common: matmul_q4_head, q4_eight or blocks_eight, matmul_q4_write)
override BM: u32 = 64u;                                      // rows of x per tile, 16 | BM
const BN = 64u;
override WG: u32 = BM * 4u;                                  // (BM / 4) x (BN / 4) threads
override TILE_X: u32 = BM * 8u;

var<workgroup> xs: array<vec4<f32>, TILE_X>;                 // [BM][8 quads of k], swizzled
var<workgroup> ws: array<vec4<f32>, 512>;                    // [BN][8 quads of k], swizzled

// Rows eight apart would meet in one memory bank: each row begins at another quad.
fn at(row: u32, quad: u32) -> u32 {
  return row * 8u + (quad ^ (row & 7u));
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let tiles_m = (p.M + BM - 1u) / BM;
  let tile = group.y * groups.x + group.x;
  // Neighbours share weights.
  let m0 = (tile % tiles_m) * BM;
  let n0 = (tile / tiles_m) * BN;
  if (n0 >= p.N) { return; }
  let column = thread % 16u;
  let row = thread / 16u;
  let count = p.K / 32u;
  var sum0 = vec4<f32>(0.0);
  var sum1 = vec4<f32>(0.0);
  var sum2 = vec4<f32>(0.0);
  var sum3 = vec4<f32>(0.0);
  for (var g = 0u; g < count; g++) {
    for (var i = thread; i < BM * 8u; i += WG) {
      let m = m0 + i / 8u;
      // Rows past the end repeat the last one and are not written.
      xs[at(i / 8u, i % 8u)] = x[min(m, p.M - 1u) * p.K / 4u + g * 8u + i % 8u];
    }
    for (var i = thread; i < BN * 4u; i += WG) {
      let n = min(n0 + i / 4u, p.N - 1u);
      let weights = eight_at(weight_row(n, count), g, i % 4u);
      ws[at(i / 4u, (i % 4u) * 2u)] = weights.low;
      ws[at(i / 4u, (i % 4u) * 2u + 1u)] = weights.high;
    }
    workgroupBarrier();
    for (var k = 0u; k < 8u; k++) {
      let w0 = ws[at(column, k)];
      let w1 = ws[at(column + 16u, k)];
      let w2 = ws[at(column + 32u, k)];
      let w3 = ws[at(column + 48u, k)];
      let x0 = xs[at(row * 4u, k)];
      let x1 = xs[at(row * 4u + 1u, k)];
      let x2 = xs[at(row * 4u + 2u, k)];
      let x3 = xs[at(row * 4u + 3u, k)];
      sum0 += vec4<f32>(dot(x0, w0), dot(x0, w1), dot(x0, w2), dot(x0, w3));
      sum1 += vec4<f32>(dot(x1, w0), dot(x1, w1), dot(x1, w2), dot(x1, w3));
      sum2 += vec4<f32>(dot(x2, w0), dot(x2, w1), dot(x2, w2), dot(x2, w3));
      sum3 += vec4<f32>(dot(x3, w0), dot(x3, w1), dot(x3, w2), dot(x3, w3));
    }
    workgroupBarrier();
  }
  let m = m0 + row * 4u;
  let n = n0 + column;
  write_row(m, n, sum0);
  write_row(m + 1u, n, sum1);
  write_row(m + 2u, n, sum2);
  write_row(m + 3u, n, sum3);
}
