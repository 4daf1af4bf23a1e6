// Two neighbouring dims, the first one even, of a head of position t. slot: as kv_read_f32 has it.
fn kv_put(t: u32, slot: u32, dim: u32, pair: vec2<f32>) {
  let at = (kv_row(t) * 2u * p.kv_heads + slot) * p.head_dim + dim;
  kv[at] = bitcast<u32>(pair.x);
  kv[at + 1u] = bitcast<u32>(pair.y);
}
