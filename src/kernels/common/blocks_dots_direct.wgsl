// lane_dots over a matrix of blocks with x straight from where it lies: each lane asks x_at for the elements of its
// groups. The kernel binds `q: array<vec4<u32>>` and `scales` and defines x_at(i), the i-th vec4 of x.
// numerics: per half group a * sum(code * x) + b * sum(x) in f32   (common: blocks, blocks_group)
fn sixteen(codes: vec4<u32>, x: mat4x4<f32>) -> f32 {
  return dot(vec4<f32>(unpack4xI8(codes.x)), x[0]) + dot(vec4<f32>(unpack4xI8(codes.y)), x[1])
    + dot(vec4<f32>(unpack4xI8(codes.z)), x[2]) + dot(vec4<f32>(unpack4xI8(codes.w)), x[3]);
}

fn group_dot(r: WeightRow, g: u32, low: mat4x4<f32>, high: mat4x4<f32>, totals: vec2<f32>) -> f32 {
  let codes = group_codes(r, g);
  return dot(group_scales(r, g), vec4<f32>(sixteen(codes.low, low), totals.x, sixteen(codes.high, high), totals.y));
}

// What this lane's groups add to the four rows' dot products. Called by the whole workgroup.
fn lane_dots(rows: vec4<u32>, groups: u32, lane: u32, slot: u32) -> vec4<f32> {
  let r0 = weight_row(rows.x, groups);
  let r1 = weight_row(rows.y, groups);
  let r2 = weight_row(rows.z, groups);
  let r3 = weight_row(rows.w, groups);
  var sums = vec4<f32>(0.0);
  for (var g = lane; g < groups; g += LANES) {
    let i = g * 8u;
    let low = mat4x4<f32>(x_at(i), x_at(i + 1u), x_at(i + 2u), x_at(i + 3u));
    let high = mat4x4<f32>(x_at(i + 4u), x_at(i + 5u), x_at(i + 6u), x_at(i + 7u));
    let one = vec4<f32>(1.0);
    let totals = vec2<f32>(dot(low[0] + low[1] + low[2] + low[3], one), dot(high[0] + high[1] + high[2] + high[3], one));
    sums += vec4<f32>(
      group_dot(r0, g, low, high, totals), group_dot(r1, g, low, high, totals),
      group_dot(r2, g, low, high, totals), group_dot(r3, g, low, high, totals));
  }
  return sums;
}

// The sum of what x_at gathered on the way: each lane of a slot met its groups of x once.
fn sum_over_x(value: f32, lane: u32, slot: u32) -> f32 {
  return sum_lanes(vec4<f32>(value), lane, slot).x;
}
