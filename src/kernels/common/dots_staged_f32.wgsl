// Staged x as it is: even and odd elements of each word against even and odd codes.
// numerics: per word sum(code * x) - 7 * sum(x) in f32
var<workgroup> evens: array<vec4<f32>, STAGE * 4u>;
var<workgroup> odds: array<vec4<f32>, STAGE * 4u>;
var<workgroup> shifts: array<f32, STAGE * 4u>;

fn stage_word(a: vec4<f32>, b: vec4<f32>, at: u32) {
  evens[at] = vec4<f32>(a.xz, b.xz);
  odds[at] = vec4<f32>(a.yw, b.yw);
  let total = a + b;
  shifts[at] = 7.0 * (total.x + total.y + total.z + total.w);
}

fn word_dot(word: u32, even: vec4<f32>, odd: vec4<f32>) -> f32 {
  return dot(vec4<f32>(unpack4xU8(word & 0x0f0f0f0fu)), even) + dot(vec4<f32>(unpack4xU8((word >> 4u) & 0x0f0f0f0fu)), odd);
}

fn word_dots(words: vec4<u32>, at: u32) -> vec4<f32> {
  let even = evens[at];
  let odd = odds[at];
  return vec4<f32>(word_dot(words.x, even, odd), word_dot(words.y, even, odd), word_dot(words.z, even, odd), word_dot(words.w, even, odd)) - shifts[at];
}
