// y[m, first + n] (+)= sum_k x[m,k] * dequant(W)[n,k], products in f16 and sums in f32. Needs shader-f16.
// x: [M, K]   q: u32 [N, K/8]   scales: [N, K/32]   y: [M, stride]   accumulate: add to what y holds
// dispatch: one workgroup per STAGE x 64 outputs, each thread 8 x 4 of them.   twin: reference/matmul_q4.ts
// numerics: each word of eight x by its largest in f16, codes as they are; products of four added in f16, all further
// sums in f32; scales once per group of 32   (common: matmul_q4_head, scale_*, dots_staged_f16, matmul_q4_write)
override STAGE: u32 = 64u;                                   // rows of x per tile, 64 or 128
const BN = 64u;
override WG: u32 = STAGE * 2u;                               // (STAGE / 8) x (BN / 4) threads
override STEP: u32 = STAGE / 8u;                             // between the rows of a thread

var<workgroup> ws: array<vec4<f16>, 512>;                    // [BN][4 words of k], swizzled, halves as x has them
var<workgroup> steps: array<f32, BN>;                        // this group's scales

// Two rows fill the memory banks once: pairs of rows begin at another word each.
fn at(row: u32, word: u32) -> u32 {
  return row * 4u + (word ^ ((row >> 1u) & 3u));
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let tiles_m = (p.M + STAGE - 1u) / STAGE;
  let tile = group.y * groups.x + group.x;
  // Neighbours share weights.
  let m0 = (tile % tiles_m) * STAGE;
  let n0 = (tile / tiles_m) * BN;
  if (n0 >= p.N) { return; }
  let column = thread % 16u;
  let row = thread / 16u;
  let count = p.K / 32u;
  var sum0 = vec4<f32>(0.0);
  var sum1 = vec4<f32>(0.0);
  var sum2 = vec4<f32>(0.0);
  var sum3 = vec4<f32>(0.0);
  var sum4 = vec4<f32>(0.0);
  var sum5 = vec4<f32>(0.0);
  var sum6 = vec4<f32>(0.0);
  var sum7 = vec4<f32>(0.0);
  for (var g = 0u; g < count; g++) {
    for (var i = thread; i < STAGE * 4u; i += WG) {
      // Rows past the end repeat the last one and are not written.
      let quad = min(m0 + i / 4u, p.M - 1u) * p.K / 4u + g * 8u + (i % 4u) * 2u;
      stage_word(x[quad], x[quad + 1u], at(i / 4u, i % 4u));
    }
    for (var i = thread; i < BN * 4u; i += WG) {
      let n = min(n0 + i / 4u, p.N - 1u);
      let word = q[(n * count + g) * 4u + i % 4u];
      let place = at(i / 4u, i % 4u) * 2u;
      ws[place] = codes(word);
      ws[place + 1u] = codes(word >> 8u);
      if (i % 4u == 0u) { steps[i / 4u] = scale_at(n * count + g); }
    }
    workgroupBarrier();
    var part0 = vec4<f32>(0.0);
    var part1 = vec4<f32>(0.0);
    var part2 = vec4<f32>(0.0);
    var part3 = vec4<f32>(0.0);
    var part4 = vec4<f32>(0.0);
    var part5 = vec4<f32>(0.0);
    var part6 = vec4<f32>(0.0);
    var part7 = vec4<f32>(0.0);
    for (var w = 0u; w < 4u; w++) {
      let c0 = at(column, w) * 2u;
      let c1 = at(column + 16u, w) * 2u;
      let c2 = at(column + 32u, w) * 2u;
      let c3 = at(column + 48u, w) * 2u;
      let first = mat4x4<f16>(ws[c0], ws[c1], ws[c2], ws[c3]);
      let second = mat4x4<f16>(ws[c0 + 1u], ws[c1 + 1u], ws[c2 + 1u], ws[c3 + 1u]);
      part0 += dots(at(row, w), first, second);
      part1 += dots(at(row + STEP, w), first, second);
      part2 += dots(at(row + STEP * 2u, w), first, second);
      part3 += dots(at(row + STEP * 3u, w), first, second);
      part4 += dots(at(row + STEP * 4u, w), first, second);
      part5 += dots(at(row + STEP * 5u, w), first, second);
      part6 += dots(at(row + STEP * 6u, w), first, second);
      part7 += dots(at(row + STEP * 7u, w), first, second);
    }
    let scale = vec4<f32>(steps[column], steps[column + 16u], steps[column + 32u], steps[column + 48u]);
    sum0 = fma(part0, scale, sum0);
    sum1 = fma(part1, scale, sum1);
    sum2 = fma(part2, scale, sum2);
    sum3 = fma(part3, scale, sum3);
    sum4 = fma(part4, scale, sum4);
    sum5 = fma(part5, scale, sum5);
    sum6 = fma(part6, scale, sum6);
    sum7 = fma(part7, scale, sum7);
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

// A word of eight x against the same words of four columns.
fn dots(word: u32, first: mat4x4<f16>, second: mat4x4<f16>) -> vec4<f32> {
  return (vec4<f32>(halves[word * 2u] * first) + vec4<f32>(halves[word * 2u + 1u] * second)) * sizes[word];
}
