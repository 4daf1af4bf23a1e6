// Staged x in f16, each half group by its largest, so that no size of x overflows: half the workgroup memory of f32.
// Products and sums are in f32, since codes are not centred and f16 would lose what a minimum takes off again. Needs
// shader-f16.
var<workgroup> xs: array<mat4x4<f16>, STAGE * 2u>;
var<workgroup> sizes: array<f32, STAGE * 2u>;
var<workgroup> totals: array<f32, STAGE * 2u>;

fn stage_half(x: mat4x4<f32>, at: u32) {
  let most = max(max(abs(x[0]), abs(x[1])), max(abs(x[2]), abs(x[3])));
  let size = max(max(max(most.x, most.y), max(most.z, most.w)), 1e-30);
  sizes[at] = size;
  let halves = mat4x4<f16>(vec4<f16>(x[0] / size), vec4<f16>(x[1] / size), vec4<f16>(x[2] / size), vec4<f16>(x[3] / size));
  xs[at] = halves;
  // Of the rounded numbers, as the products are: what is added back must be what they lack.
  totals[at] = dot(vec4<f32>(halves[0]) + vec4<f32>(halves[1]) + vec4<f32>(halves[2]) + vec4<f32>(halves[3]), vec4<f32>(size));
}

fn four(codes: u32, x: vec4<f16>) -> f32 {
  return dot(vec4<f32>(unpack4xI8(codes)), vec4<f32>(x));
}

// Sum of code * x, and of x.
fn half_dot(codes: vec4<u32>, at: u32) -> vec2<f32> {
  let x = xs[at];
  let sum = four(codes.x, x[0]) + four(codes.y, x[1]) + four(codes.z, x[2]) + four(codes.w, x[3]);
  return vec2<f32>(sum * sizes[at], totals[at]);
}
