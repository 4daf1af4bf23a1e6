// Two neighbouring dims, the first one even, of a head of position t. slot: as kv_read_f16 has it.
// numerics: as kv_append_f16
fn kv_put(t: u32, slot: u32, dim: u32, pair: vec2<f32>) {
  let clamped = clamp(pair, vec2<f32>(-65504.0), vec2<f32>(65504.0));
  kv[((kv_row(t) * 2u * p.kv_heads + slot) * p.head_dim + dim) / 2u] = pack2x16float(clamped);
}
