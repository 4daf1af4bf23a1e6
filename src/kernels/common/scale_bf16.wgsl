// Scale i of a table of bf16 packed two to a u32, for kernels that bind it as `scales`: bf16 is the upper half
// of an f32.
fn scale_at(i: u32) -> f32 {
  return bitcast<f32>((scales[i >> 1u] >> ((i & 1u) * 16u)) << 16u);
}
