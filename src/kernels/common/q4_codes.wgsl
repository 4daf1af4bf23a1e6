// The eight 4-bit weights of a word in k order, zero point removed: low half k0..k3, high half k4..k7.
fn q4_low(word: u32) -> vec4<f32> {
  return vec4<f32>((vec4<u32>(word) >> vec4<u32>(0u, 4u, 8u, 12u)) & vec4<u32>(15u)) - 7.0;
}
fn q4_high(word: u32) -> vec4<f32> {
  return q4_low(word >> 16u);
}
