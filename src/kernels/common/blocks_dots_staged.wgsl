// lane_dots over a matrix of blocks with x in workgroup memory: STAGE groups at a time are asked of x_at once for all
// rows of the workgroup, kept by half groups as stage_half and half_dot of blocks_staged_* see fit. Half h of group g of
// a stage lies at h * STAGE + g, so that neighbouring lanes read neighbouring places.
// (the kernel binds `q: array<vec4<u32>>` and `scales` and defines x_at(i), the i-th vec4 of x; common: blocks,
// blocks_group)
override STAGE: u32 = 64u;                                   // groups; LANES | STAGE

fn group_dot(r: WeightRow, g: u32, at: u32) -> f32 {
  let codes = group_codes(r, g);
  return dot(group_scales(r, g), vec4<f32>(half_dot(codes.low, at), half_dot(codes.high, STAGE + at)));
}

// What this lane's groups add to the four rows' dot products. Called by the whole workgroup.
fn lane_dots(rows: vec4<u32>, groups: u32, lane: u32, slot: u32) -> vec4<f32> {
  let r0 = weight_row(rows.x, groups);
  let r1 = weight_row(rows.y, groups);
  let r2 = weight_row(rows.z, groups);
  let r3 = weight_row(rows.w, groups);
  var sums = vec4<f32>(0.0);
  for (var base = 0u; base < groups; base += STAGE) {
    let count = min(STAGE, groups - base);
    for (var i = slot * LANES + lane; i < count * 2u; i += WG) {
      let quad = (base * 2u + i) * 4u;
      stage_half(mat4x4<f32>(x_at(quad), x_at(quad + 1u), x_at(quad + 2u), x_at(quad + 3u)), (i % 2u) * STAGE + i / 2u);
    }
    workgroupBarrier();
    for (var g = lane; g < count; g += LANES) {
      sums += vec4<f32>(
        group_dot(r0, base + g, g), group_dot(r1, base + g, g),
        group_dot(r2, base + g, g), group_dot(r3, base + g, g));
    }
    workgroupBarrier();
  }
  return sums;
}

// The sum of what x_at gathered on the way: the workgroup's threads met each element of x once between them.
fn sum_over_x(value: f32, lane: u32, slot: u32) -> f32 {
  return sum_workgroup(value, slot * LANES + lane);
}
