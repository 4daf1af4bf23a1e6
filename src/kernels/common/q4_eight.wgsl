// Eight weights of MLC's 4-bit layout at a time, for kernels that bind `q: array<u32>`.
// (common: scale_*, q4_codes, q4_rows)
struct Eight { low: vec4<f32>, high: vec4<f32> }             // the first four in k order, and the other four

// Weights 8w .. 8w + 7 of a group.
fn eight_at(r: WeightRow, g: u32, w: u32) -> Eight {
  let word = q[(r.first + g) * 4u + w];
  let scale = scale_at(r.first + g);
  return Eight(q4_low(word) * scale, q4_high(word) * scale);
}
