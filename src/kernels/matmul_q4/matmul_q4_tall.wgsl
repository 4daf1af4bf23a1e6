// y[m, first + n] (+)= sum_k x[m,k] * dequant(W)[n,k]
// x: [M, K]   q: u32 [N, K/8]   scales: [N, K/32]   y: [M, stride]   accumulate: add to what y holds
// dispatch: one workgroup per BM x 64 outputs, each thread 8 x 4 of them: half as many reads of a tile for each
// product as matmul_q4_tiled, by fewer threads.   twin: reference/matmul_q4.ts
// numerics: f32, k in order by fours; a tile is half a group of 32 weights, dequantised once for all its rows
// (common: matmul_q4_head, q4_eight or blocks_eight, matmul_q4_write)
override BM: u32 = 64u;                                      // rows of x per tile, 64 or 128
const BN = 64u;
override WG: u32 = BM * 2u;                                  // (BM / 8) x (BN / 4) threads
override STEP: u32 = BM / 8u;                                // between the rows of a thread
override TILE_X: u32 = BM * 4u;

var<workgroup> xs: array<vec4<f32>, TILE_X>;                 // [BM][4 quads of k], swizzled
var<workgroup> ws: array<vec4<f32>, 256>;                    // [BN][4 quads of k], swizzled

// Two rows fill the memory banks once: pairs of rows begin at another quad each.
fn at(row: u32, quad: u32) -> u32 {
  return row * 4u + (quad ^ ((row >> 1u) & 3u));
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
  let halves = p.K / 16u;
  var sum0 = vec4<f32>(0.0);
  var sum1 = vec4<f32>(0.0);
  var sum2 = vec4<f32>(0.0);
  var sum3 = vec4<f32>(0.0);
  var sum4 = vec4<f32>(0.0);
  var sum5 = vec4<f32>(0.0);
  var sum6 = vec4<f32>(0.0);
  var sum7 = vec4<f32>(0.0);
  for (var h = 0u; h < halves; h++) {
    for (var i = thread; i < BM * 4u; i += WG) {
      let m = m0 + i / 4u;
      // Rows past the end repeat the last one and are not written.
      xs[at(i / 4u, i % 4u)] = x[min(m, p.M - 1u) * p.K / 4u + h * 4u + i % 4u];
    }
    for (var i = thread; i < BN * 2u; i += WG) {
      let n = min(n0 + i / 2u, p.N - 1u);
      let weights = eight_at(weight_row(n, halves / 2u), h / 2u, (h % 2u) * 2u + i % 2u);
      ws[at(i / 2u, (i % 2u) * 2u)] = weights.low;
      ws[at(i / 2u, (i % 2u) * 2u + 1u)] = weights.high;
    }
    workgroupBarrier();
    for (var k = 0u; k < 4u; k++) {
      let w0 = ws[at(column, k)];
      let w1 = ws[at(column + 16u, k)];
      let w2 = ws[at(column + 32u, k)];
      let w3 = ws[at(column + 48u, k)];
      sum0 += dots(xs[at(row, k)], w0, w1, w2, w3);
      sum1 += dots(xs[at(row + STEP, k)], w0, w1, w2, w3);
      sum2 += dots(xs[at(row + STEP * 2u, k)], w0, w1, w2, w3);
      sum3 += dots(xs[at(row + STEP * 3u, k)], w0, w1, w2, w3);
      sum4 += dots(xs[at(row + STEP * 4u, k)], w0, w1, w2, w3);
      sum5 += dots(xs[at(row + STEP * 5u, k)], w0, w1, w2, w3);
      sum6 += dots(xs[at(row + STEP * 6u, k)], w0, w1, w2, w3);
      sum7 += dots(xs[at(row + STEP * 7u, k)], w0, w1, w2, w3);
    }
    workgroupBarrier();
  }
  let m = m0 + row;
  let n = n0 + column;
  write_row(m, n, sum0);
  write_row(m + STEP, n, sum1);
  write_row(m + STEP * 2u, n, sum2);
  write_row(m + STEP * 3u, n, sum3);
  write_row(m + STEP * 4u, n, sum4);
  write_row(m + STEP * 5u, n, sum5);
  write_row(m + STEP * 6u, n, sum6);
  write_row(m + STEP * 7u, n, sum7);
}

fn dots(x: vec4<f32>, w0: vec4<f32>, w1: vec4<f32>, w2: vec4<f32>, w3: vec4<f32>) -> vec4<f32> {
  return vec4<f32>(dot(x, w0), dot(x, w1), dot(x, w2), dot(x, w3));
}
