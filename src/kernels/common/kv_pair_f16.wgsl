// Eight dims of a head of position t in one load of 16 bytes, in the place of kv_read_f16. Needs heads of whole eights.
// slot: the KV head for its keys, kv_heads + the KV head for its values. unit: of eight dims.
alias KvWord = vec4<u32>;
fn kv_words(t: u32, slot: u32, unit: u32) -> vec4<u32> {
  return kv[(kv_row(t) * 2u * p.kv_heads + slot) * (p.head_dim / 8u) + unit];
}
fn pair_of(words: vec4<u32>) -> mat2x4<f32> {
  return mat2x4<f32>(vec4<f32>(unpack2x16float(words.x), unpack2x16float(words.y)),
                     vec4<f32>(unpack2x16float(words.z), unpack2x16float(words.w)));
}
fn kv_pair(t: u32, slot: u32, unit: u32) -> mat2x4<f32> {
  return pair_of(kv_words(t, slot, unit));
}
fn kv_scale(t: u32, slot: u32) -> f32 {
  return 1.0;
}
