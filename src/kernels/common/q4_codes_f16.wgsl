// 4-bit weights as halves, zero point removed: codes 0, 4, 1, 5 of a word; of `word >> 8u`, codes 2, 6, 3, 7.
// numerics: 1024 + code is a half whose last four bits are the code, so codes need no conversion: to f32 and back is
// exact, and compilers leave it out. Not by `bitcast`, which Firefox's compiler (naga) takes for one to f32.
fn codes(word: u32) -> vec4<f16> {
  // Bits 0..3 and 16..19 of a word are codes 0 and 4, the next four codes 1 and 5.
  let pairs = (vec2<u32>(word, word >> 4u) & vec2<u32>(0x000f000fu)) | vec2<u32>(0x64006400u);
  return vec4<f16>(vec4<f32>(unpack2x16float(pairs.x), unpack2x16float(pairs.y))) - vec4<f16>(1031.0h);
}
