// Writes the keys and the values of a KV head, which lie in `new_head` [2, head_dim], as position t. The whole
// workgroup calls it, after a barrier. numerics: nearest f16, or the other neighbour; clamped to its range
fn append_head(t: u32, head: u32, thread: u32) {
  let words = p.head_dim / 2u;
  for (var i = thread; i < 2u * words; i += WG) {
    let slot = head + (i / words) * p.kv_heads;
    let pair = vec2<f32>(new_head[2u * i], new_head[2u * i + 1u]);
    let clamped = clamp(pair, vec2<f32>(-65504.0), vec2<f32>(65504.0));
    kv[(kv_row(t) * 2u * p.kv_heads + slot) * words + i % words] = pack2x16float(clamped);
  }
}
