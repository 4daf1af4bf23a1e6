// Eights of dims in workgroup memory for attention_team, as numbers. (common: kv_pair)
var<workgroup> tile: array<mat2x4<f32>, 2u * TILE * EIGHTS>;

fn tile_put(i: u32, t: u32, slot: u32, unit: u32) {
  tile[i] = kv_pair(t, slot, unit) * kv_scale(t, slot);
}

fn tile_pair(i: u32) -> mat2x4<f32> {
  return tile[i];
}
