// Staged x in whole numbers of 8 bits, each half group by its largest: sums of products are exact, x is not.
// numerics: x = step * n, |n| <= 127, so every element is off by half a step at most
var<workgroup> xs: array<vec4<u32>, STAGE * 2u>;
var<workgroup> steps: array<f32, STAGE * 2u>;
var<workgroup> totals: array<f32, STAGE * 2u>;

fn stage_half(x: mat4x4<f32>, at: u32) {
  let most = max(max(abs(x[0]), abs(x[1])), max(abs(x[2]), abs(x[3])));
  let step = max(max(max(most.x, most.y), max(most.z, most.w)), 1e-30) / 127.0;
  let bytes = vec4<u32>(
    pack4xI8(vec4<i32>(round(x[0] / step))), pack4xI8(vec4<i32>(round(x[1] / step))),
    pack4xI8(vec4<i32>(round(x[2] / step))), pack4xI8(vec4<i32>(round(x[3] / step))));
  xs[at] = bytes;
  steps[at] = step;
  totals[at] = step * f32(dot4I8Packed(bytes.x, 0x01010101u) + dot4I8Packed(bytes.y, 0x01010101u)
    + dot4I8Packed(bytes.z, 0x01010101u) + dot4I8Packed(bytes.w, 0x01010101u));
}

// Sum of code * x, and of x.
fn half_dot(codes: vec4<u32>, at: u32) -> vec2<f32> {
  let x = xs[at];
  let sum = dot4I8Packed(codes.x, x.x) + dot4I8Packed(codes.y, x.y) + dot4I8Packed(codes.z, x.z) + dot4I8Packed(codes.w, x.w);
  return vec2<f32>(f32(sum) * steps[at], totals[at]);
}
