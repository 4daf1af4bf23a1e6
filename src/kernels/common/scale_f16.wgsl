// Scale i of a table of f16 packed two to a u32, for kernels that bind it as `scales`. Needs no shader-f16.
fn scale_at(i: u32) -> f32 {
  return unpack2x16float(scales[i >> 1u])[i & 1u];
}
