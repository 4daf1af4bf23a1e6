// Staged x in f16, each word by its largest, so that no size of x overflows; products of four in f16, all further
// sums in f32. Needs shader-f16.
// (common: q4_codes_f16)
var<workgroup> halves: array<vec4<f16>, STAGE * 8u>;         // (x0 x4 x1 x5), (x2 x6 x3 x7) of each word
var<workgroup> sizes: array<f32, STAGE * 4u>;

fn stage_word(a: vec4<f32>, b: vec4<f32>, at: u32) {
  let most = max(abs(a), abs(b));
  let size = max(max(max(most.x, most.y), max(most.z, most.w)), 1e-30);
  sizes[at] = size;
  halves[at * 2u] = vec4<f16>(vec4<f32>(a.x, b.x, a.y, b.y) / size);
  halves[at * 2u + 1u] = vec4<f16>(vec4<f32>(a.z, b.z, a.w, b.w) / size);
}

fn word_dot(word: u32, first: vec4<f16>, second: vec4<f16>) -> f32 {
  return f32(dot(codes(word), first)) + f32(dot(codes(word >> 8u), second));
}

fn word_dots(words: vec4<u32>, at: u32) -> vec4<f32> {
  let first = halves[at * 2u];
  let second = halves[at * 2u + 1u];
  return vec4<f32>(word_dot(words.x, first, second), word_dot(words.y, first, second), word_dot(words.z, first, second), word_dot(words.w, first, second)) * sizes[at];
}
