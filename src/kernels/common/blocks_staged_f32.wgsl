// Staged x as it is, and its sums.
var<workgroup> xs: array<mat4x4<f32>, STAGE * 2u>;
var<workgroup> totals: array<f32, STAGE * 2u>;

fn stage_half(x: mat4x4<f32>, at: u32) {
  xs[at] = x;
  totals[at] = dot(x[0] + x[1] + x[2] + x[3], vec4<f32>(1.0));
}

// Sum of code * x, and of x.
fn half_dot(codes: vec4<u32>, at: u32) -> vec2<f32> {
  let x = xs[at];
  let sum = dot(vec4<f32>(unpack4xI8(codes.x)), x[0]) + dot(vec4<f32>(unpack4xI8(codes.y)), x[1])
    + dot(vec4<f32>(unpack4xI8(codes.z)), x[2]) + dot(vec4<f32>(unpack4xI8(codes.w)), x[3]);
  return vec2<f32>(sum, totals[at]);
}
