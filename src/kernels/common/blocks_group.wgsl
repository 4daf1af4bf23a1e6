// The codes of a group of a matrix of blocks, for kernels that bind `q: array<vec4<u32>>`: a byte each, signed, four
// to a word, in k order.
// (common: blocks)
struct Group { low: vec4<u32>, high: vec4<u32> }             // of weights 0..15 and 16..31

fn group_codes(r: WeightRow, g: u32) -> Group {
  if (r.kind == Q8_0) { return Group(q[r.codes + 2u * g], q[r.codes + 2u * g + 1u]); }
  let words = q[r.codes + g];
  var low = words & vec4<u32>(0x0f0f0f0fu);
  var high = (words >> vec4<u32>(4u)) & vec4<u32>(0x0f0f0f0fu);
  if (is_five(r.kind)) {
    let bits = vec4<u32>(scales[r.high + g]);
    low |= ((bits >> vec4<u32>(0u, 2u, 4u, 6u)) & vec4<u32>(0x01010101u)) << vec4<u32>(4u);
    high |= ((bits >> vec4<u32>(1u, 3u, 5u, 7u)) & vec4<u32>(0x01010101u)) << vec4<u32>(4u);
  }
  if (r.kind == Q6_K) {
    let at = r.high + 2u * g;
    let bits = vec2<u32>(scales[at], scales[at + 1u]).xxyy;
    low |= ((bits >> vec4<u32>(0u, 4u, 0u, 4u)) & vec4<u32>(0x03030303u)) << vec4<u32>(4u);
    high |= ((bits >> vec4<u32>(2u, 6u, 2u, 6u)) & vec4<u32>(0x03030303u)) << vec4<u32>(4u);
  }
  return Group(low, high);
}
