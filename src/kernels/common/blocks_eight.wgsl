// Eight weights of a matrix of blocks at a time, for kernels that bind `q: array<u32>`.
// (common: blocks)
struct Eight { low: vec4<f32>, high: vec4<f32> }             // the first four in k order, and the other four

// Codes 4w .. 4w + 3 of half `half` of a group, a byte each, signed.
fn four_codes(r: WeightRow, g: u32, half: u32, w: u32) -> vec4<f32> {
  if (r.kind == Q8_0) { return vec4<f32>(unpack4xI8(q[(r.codes + 2u * g + half) * 4u + w])); }
  var bytes = (q[(r.codes + g) * 4u + w] >> (4u * half)) & 0x0f0f0f0fu;
  if (is_five(r.kind)) { bytes |= ((scales[r.high + g] >> (2u * w + half)) & 0x01010101u) << 4u; }
  if (r.kind == Q6_K) {
    bytes |= ((scales[r.high + 2u * g + w / 2u] >> (4u * (w & 1u) + 2u * half)) & 0x03030303u) << 4u;
  }
  return vec4<f32>(unpack4xI8(bytes));
}

// Weights 8w .. 8w + 7 of a group.
fn eight_at(r: WeightRow, g: u32, w: u32) -> Eight {
  let half = w / 2u;
  let both = group_scales(r, g);
  let scale = select(both.xy, both.zw, half == 1u);
  let at = (w & 1u) * 2u;
  return Eight(four_codes(r, g, half, at) * scale.x + scale.y, four_codes(r, g, half, at + 1u) * scale.x + scale.y);
}
