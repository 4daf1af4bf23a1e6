// Four codes of a head of position t, and what they are multiples of, for kernels that bind `kv` and have kv_heads
// and head_dim among their params. slot: the KV head for its keys, kv_heads + the KV head for its values.
alias KvWord = u32;
fn row_start(t: u32) -> u32 {
  return kv_row(t) * p.kv_heads * (p.head_dim / 2u + 1u);
}
fn kv_quad(t: u32, slot: u32, quad: u32) -> vec4<f32> {
  return vec4<f32>(unpack4xI8(kv[row_start(t) + slot * (p.head_dim / 4u) + quad]));
}
fn kv_scale(t: u32, slot: u32) -> f32 {
  let peaks = unpack2x16float(kv[row_start(t) + p.kv_heads * (p.head_dim / 2u) + slot % p.kv_heads]);
  return select(peaks.x, peaks.y, slot >= p.kv_heads) / 127.0;
}
