// Staged x in whole numbers of 8 bits, each word by its largest: sums of products are exact, x is not.
// numerics: x = step * n, |n| <= 127, so every element is off by half a step at most
var<workgroup> bytes: array<vec2<u32>, STAGE * 4u>;          // even, odd elements of each word
var<workgroup> steps: array<f32, STAGE * 4u>;
var<workgroup> shifts: array<i32, STAGE * 4u>;

fn stage_word(a: vec4<f32>, b: vec4<f32>, at: u32) {
  let most = max(abs(a), abs(b));
  let step = max(max(max(most.x, most.y), max(most.z, most.w)), 1e-30) / 127.0;
  let even = pack4xI8(vec4<i32>(round(vec4<f32>(a.xz, b.xz) / step)));
  let odd = pack4xI8(vec4<i32>(round(vec4<f32>(a.yw, b.yw) / step)));
  bytes[at] = vec2<u32>(even, odd);
  steps[at] = step;
  shifts[at] = 7 * (dot4I8Packed(even, 0x01010101u) + dot4I8Packed(odd, 0x01010101u));
}

fn word_dot(word: u32, x: vec2<u32>) -> i32 {
  return dot4I8Packed(word & 0x0f0f0f0fu, x.x) + dot4I8Packed((word >> 4u) & 0x0f0f0f0fu, x.y);
}

fn word_dots(words: vec4<u32>, at: u32) -> vec4<f32> {
  let x = bytes[at];
  let dots = vec4<i32>(word_dot(words.x, x), word_dot(words.y, x), word_dot(words.z, x), word_dot(words.w, x));
  return vec4<f32>(dots - shifts[at]) * steps[at];
}
