// lane_dots with x in workgroup memory: STAGE groups at a time are asked of x_at once for all rows of the workgroup,
// kept word by word as stage_word and word_dots of dots_staged_* see fit. Position w * STAGE + g holds word w of the
// stage's group g, so that neighbouring lanes read neighbouring places.
// (the kernel binds `q: array<vec4<u32>>` and `scales` and defines x_at(i), the i-th vec4 of x)
override STAGE: u32 = 64u;                                   // groups; LANES | STAGE

// What this lane's groups add to the four rows' dot products. Called by the whole workgroup.
fn lane_dots(rows: vec4<u32>, groups: u32, lane: u32, slot: u32) -> vec4<f32> {
  var sums = vec4<f32>(0.0);
  for (var base = 0u; base < groups; base += STAGE) {
    let count = min(STAGE, groups - base);
    for (var i = slot * LANES + lane; i < count * 4u; i += WG) {
      let word = base * 4u + i;
      stage_word(x_at(word * 2u), x_at(word * 2u + 1u), (i % 4u) * STAGE + i / 4u);
    }
    workgroupBarrier();
    for (var g = lane; g < count; g += LANES) {
      let w0 = q[rows.x * groups + base + g];
      let w1 = q[rows.y * groups + base + g];
      let w2 = q[rows.z * groups + base + g];
      let w3 = q[rows.w * groups + base + g];
      var dots = vec4<f32>(0.0);
      for (var w = 0u; w < 4u; w++) {
        dots += word_dots(vec4<u32>(w0[w], w1[w], w2[w], w3[w]), w * STAGE + g);
      }
      sums = fma(dots, row_scales(rows, groups, base + g), sums);
    }
    workgroupBarrier();
  }
  return sums;
}

// The sum of what x_at gathered on the way: the workgroup's threads met each element of x once between them.
fn sum_over_x(value: f32, lane: u32, slot: u32) -> f32 {
  return sum_workgroup(value, slot * LANES + lane);
}
