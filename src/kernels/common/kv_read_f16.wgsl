// Four dims of a head of position t, for kernels that bind `kv` and have kv_heads and head_dim among their params.
// slot: the KV head for its keys, kv_heads + the KV head for its values. Needs no shader-f16.
alias KvWord = vec2<u32>;
fn kv_quad(t: u32, slot: u32, quad: u32) -> vec4<f32> {
  let words = kv[(kv_row(t) * 2u * p.kv_heads + slot) * (p.head_dim / 4u) + quad];
  return vec4<f32>(unpack2x16float(words.x), unpack2x16float(words.y));
}
fn kv_scale(t: u32, slot: u32) -> f32 {
  return 1.0;
}
