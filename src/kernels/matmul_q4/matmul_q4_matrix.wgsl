// y[m, first + n] (+)= sum_k x[m,k] * dequant(W)[n,k], by matrices that a whole subgroup multiplies
// x: [M, K]   q: u32 [N, K/8]   scales: [N, K/32]   y: [M, stride]   accumulate: add to what y holds
// dispatch: one workgroup per 4 TM x 8 TN outputs, each of four subgroups 2 x 4 matrices of TM x TN; where subgroups are
// smaller than they may be there are more, which only help to stage.   twin: reference/matmul_q4.ts
// numerics: x and W as Real, f16 or f32, each times a power of two that the first group of 32 of a run suggests; products and sums in
// f32. A run ends where a number would leave the range of f16: its sums go to y, the next begins with powers of its own.
// (before it: Real; TM, TN, TK, a matrix' rows, columns and depth, TK | 32; WG, four times the largest subgroup)
// (common: matmul_q4_head, scale_*, q4_codes_f16)
const BM = 4u * TM;
const BN = 8u * TN;
const SLOTS = min(4u, 512u / (TM * TN));                     // subgroups that leave their sums at a time
alias Left = subgroup_matrix_left<Real, TK, TM>;
alias Right = subgroup_matrix_right<Real, TN, TK>;
alias Sums = subgroup_matrix_result<f32, TN, TM>;

// Matrix by matrix, each in one piece: [BM / TM][32 / TK][TM][TK], words of k as 0 4 1 5 2 6 3 7 in both.
var<workgroup> xs: array<Real, BM * 32u>;
var<workgroup> ws: array<Real, BN * 32u>;
var<workgroup> results: array<f32, SLOTS * TM * TN>;
var<workgroup> peaks: array<atomic<u32>, 2>;                 // bits of the largest |x| and |scale| of a run's first group
var<workgroup> outside: atomic<u32>;                         // whether a number left the range of f16

// Where word w of a row of the group lies, with `rows` rows to a matrix.
fn at(row: u32, w: u32, rows: u32) -> u32 {
  let matrix = (row / rows) * (32u / TK) + w * 8u / TK;
  return (matrix * rows + row % rows) * TK + w * 8u % TK;
}

// The power of two that brings a number of these bits to 16..32, where f32 has it.
fn power(bits: u32) -> f32 {
  return bitcast<f32>(clamp(258u - min(bits >> 23u, 255u), 64u, 190u) << 23u);
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32, @builtin(subgroup_id) subgroup: u32) {
  let tiles_m = (p.M + BM - 1u) / BM;
  let tile = group.y * groups.x + group.x;
  // Neighbours share weights.
  let m0 = (tile % tiles_m) * BM;
  let n0 = (tile / tiles_m) * BN;
  if (n0 >= p.N) { return; }
  let count = p.K / 32u;
  let rows = (subgroup / 2u) * 2u;                           // of matrices, the first of this subgroup's
  let columns = (subgroup % 2u) * 4u;
  var keep = p.accumulate != 0u;
  var g = 0u;
  while (g < count) {
    if (thread == 0u) {
      atomicStore(&peaks[0], 0u);
      atomicStore(&peaks[1], 0u);
      atomicStore(&outside, 0u);
    }
    workgroupBarrier();
    find_peaks(m0, n0, g, thread);
    let by = vec2<f32>(power(workgroupUniformLoad(&peaks[0])), power(workgroupUniformLoad(&peaks[1])));
    let start = g;
    // Without a value, lavapipe under Dawn 0.6.2 keeps what the last run left in them.
    var s00 = Sums();
    var s01 = Sums();
    var s02 = Sums();
    var s03 = Sums();
    var s10 = Sums();
    var s11 = Sums();
    var s12 = Sums();
    var s13 = Sums();
    while (g < count) {
      stage(m0, n0, g, by, thread);
      // Never before the run's first group, whatever is in it: each run gets further.
      if (workgroupUniformLoad(&outside) != 0u && g > start) { break; }
      if (subgroup < 4u) {
        for (var k = 0u; k < 32u / TK; k++) {
          let x0 = subgroupMatrixLoad<Left, row_major>(&xs, (rows * (32u / TK) + k) * TM * TK, TK);
          let x1 = subgroupMatrixLoad<Left, row_major>(&xs, ((rows + 1u) * (32u / TK) + k) * TM * TK, TK);
          let w0 = subgroupMatrixLoad<Right, col_major>(&ws, (columns * (32u / TK) + k) * TN * TK, TK);
          let w1 = subgroupMatrixLoad<Right, col_major>(&ws, ((columns + 1u) * (32u / TK) + k) * TN * TK, TK);
          let w2 = subgroupMatrixLoad<Right, col_major>(&ws, ((columns + 2u) * (32u / TK) + k) * TN * TK, TK);
          let w3 = subgroupMatrixLoad<Right, col_major>(&ws, ((columns + 3u) * (32u / TK) + k) * TN * TK, TK);
          s00 = subgroupMatrixMultiplyAccumulate(x0, w0, s00);
          s01 = subgroupMatrixMultiplyAccumulate(x0, w1, s01);
          s02 = subgroupMatrixMultiplyAccumulate(x0, w2, s02);
          s03 = subgroupMatrixMultiplyAccumulate(x0, w3, s03);
          s10 = subgroupMatrixMultiplyAccumulate(x1, w0, s10);
          s11 = subgroupMatrixMultiplyAccumulate(x1, w1, s11);
          s12 = subgroupMatrixMultiplyAccumulate(x1, w2, s12);
          s13 = subgroupMatrixMultiplyAccumulate(x1, w3, s13);
        }
      }
      workgroupBarrier();
      g++;
    }
    let unit = 1.0 / (by.x * by.y);
    leave(s00, subgroup, thread, m0, n0, unit, keep);
    leave(s01, subgroup, thread, m0, n0 + TN, unit, keep);
    leave(s02, subgroup, thread, m0, n0 + 2u * TN, unit, keep);
    leave(s03, subgroup, thread, m0, n0 + 3u * TN, unit, keep);
    leave(s10, subgroup, thread, m0 + TM, n0, unit, keep);
    leave(s11, subgroup, thread, m0 + TM, n0 + TN, unit, keep);
    leave(s12, subgroup, thread, m0 + TM, n0 + 2u * TN, unit, keep);
    leave(s13, subgroup, thread, m0 + TM, n0 + 3u * TN, unit, keep);
    keep = true;
  }
}

// Word i of the tile of x at group g. Rows past the end repeat the last one and are not written.
fn quad_of(m0: u32, g: u32, i: u32) -> u32 {
  return min(m0 + i / 4u, p.M - 1u) * (p.K / 4u) + g * 8u + (i % 4u) * 2u;
}

fn largest(a: vec4<f32>, b: vec4<f32>) -> f32 {
  let most = max(abs(a), abs(b));
  return max(max(most.x, most.y), max(most.z, most.w));
}

fn find_peaks(m0: u32, n0: u32, g: u32, thread: u32) {
  var most = vec2<f32>(0.0);
  for (var i = thread; i < BM * 4u; i += WG) {
    let quad = quad_of(m0, g, i);
    most.x = max(most.x, largest(x[quad], x[quad + 1u]));
  }
  for (var i = thread; i < BN; i += WG) {
    most.y = max(most.y, abs(scale_at(min(n0 + i, p.N - 1u) * (p.K / 32u) + g)));
  }
  // Bits of numbers that are not negative are in their order.
  atomicMax(&peaks[0], bitcast<u32>(most.x));
  atomicMax(&peaks[1], bitcast<u32>(most.y));
}

fn stage(m0: u32, n0: u32, g: u32, by: vec2<f32>, thread: u32) {
  var most = 0.0;
  for (var i = thread; i < BM * 4u; i += WG) {
    let quad = quad_of(m0, g, i);
    let a = x[quad] * by.x;
    let b = x[quad + 1u] * by.x;
    most = max(most, largest(a, b));
    let first = vec4<Real>(vec4<f32>(a.x, b.x, a.y, b.y));
    let second = vec4<Real>(vec4<f32>(a.z, b.z, a.w, b.w));
    let to = at(i / 4u, i % 4u, TM);
    for (var j = 0u; j < 4u; j++) {
      xs[to + j] = first[j];
      xs[to + 4u + j] = second[j];
    }
  }
  for (var i = thread; i < BN * 4u; i += WG) {
    let n = min(n0 + i / 4u, p.N - 1u);
    let scale = scale_at(n * (p.K / 32u) + g) * by.y;
    most = max(most, abs(scale) * 8.0);
    let word = q[(n * (p.K / 32u) + g) * 4u + i % 4u];
    let first = vec4<Real>(codes(word)) * Real(scale);
    let second = vec4<Real>(codes(word >> 8u)) * Real(scale);
    let to = at(i / 4u, i % 4u, TN);
    for (var j = 0u; j < 4u; j++) {
      ws[to + j] = first[j];
      ws[to + 4u + j] = second[j];
    }
  }
  if (most > 32768.0) { atomicStore(&outside, 1u); }
}

// One matrix of every subgroup into y or added to it: m and n are those of the first subgroup's.
fn leave(sums: Sums, subgroup: u32, thread: u32, m0: u32, n0: u32, unit: f32, keep: bool) {
  for (var turn = 0u; turn < 4u; turn += SLOTS) {
    if (subgroup >= turn && subgroup < turn + SLOTS) {
      subgroupMatrixStore<row_major>(&results, (subgroup - turn) * TM * TN, sums, TN);
    }
    workgroupBarrier();
    for (var i = thread; i < SLOTS * TM * TN; i += WG) {
      let owner = turn + i / (TM * TN);
      let m = m0 + (owner / 2u) * 2u * TM + i / TN % TM;
      let n = n0 + (owner % 2u) * 4u * TN + i % TN;
      if (m < p.M && n < p.N) {
        let out = m * p.stride + p.first + n;
        let sum = results[i] * unit;
        if (keep) { y[out] += sum; } else { y[out] = sum; }
      }
    }
    workgroupBarrier();
  }
}
