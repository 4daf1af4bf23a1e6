// Eight dims of a head of position t, upon kv_read_*: eight dims are not one load in this format. unit: of eight dims.
fn kv_pair(t: u32, slot: u32, unit: u32) -> mat2x4<f32> {
  return mat2x4<f32>(kv_quad(t, slot, 2u * unit), kv_quad(t, slot, 2u * unit + 1u));
}
