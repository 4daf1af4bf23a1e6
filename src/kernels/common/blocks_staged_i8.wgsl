// Staged x in whole numbers of 8 bits, each eight by their largest: sums of products are exact, x is not.
// numerics: x = step * n, |n| <= 127, so every element is off by half a step at most
var<workgroup> xs: array<vec4<u32>, STAGE * 2u>;
var<workgroup> steps: array<vec2<f32>, STAGE * 2u>;          // of the first eight elements of 16, and of the last
var<workgroup> totals: array<f32, STAGE * 2u>;

fn step_of(a: vec4<f32>, b: vec4<f32>) -> f32 {
  let most = max(abs(a), abs(b));
  return max(max(max(most.x, most.y), max(most.z, most.w)), 1e-30) / 127.0;
}

fn stage_half(x: mat4x4<f32>, at: u32) {
  let step = vec2<f32>(step_of(x[0], x[1]), step_of(x[2], x[3]));
  let bytes = vec4<u32>(
    pack4xI8(vec4<i32>(round(x[0] / step.x))), pack4xI8(vec4<i32>(round(x[1] / step.x))),
    pack4xI8(vec4<i32>(round(x[2] / step.y))), pack4xI8(vec4<i32>(round(x[3] / step.y))));
  xs[at] = bytes;
  steps[at] = step;
  // Of the rounded numbers, as the products are.
  totals[at] = dot(step, vec2<f32>(
    f32(dot4I8Packed(bytes.x, 0x01010101u) + dot4I8Packed(bytes.y, 0x01010101u)),
    f32(dot4I8Packed(bytes.z, 0x01010101u) + dot4I8Packed(bytes.w, 0x01010101u))));
}

// Sum of code * x, and of x.
fn half_dot(codes: vec4<u32>, at: u32) -> vec2<f32> {
  let x = xs[at];
  let sums = vec2<f32>(
    f32(dot4I8Packed(codes.x, x.x) + dot4I8Packed(codes.y, x.y)),
    f32(dot4I8Packed(codes.z, x.z) + dot4I8Packed(codes.w, x.w)));
  return vec2<f32>(dot(sums, steps[at]), totals[at]);
}
