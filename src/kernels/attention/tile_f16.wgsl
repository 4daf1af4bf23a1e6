// Eights of dims in workgroup memory for attention_team, packed as they lie in the cache. (common: kv_pair_f16)
var<workgroup> tile: array<vec4<u32>, 2u * TILE * EIGHTS>;

fn tile_put(i: u32, t: u32, slot: u32, unit: u32) {
  tile[i] = kv_words(t, slot, unit);
}

fn tile_pair(i: u32) -> mat2x4<f32> {
  return pair_of(tile[i]);
}
