// Writes the keys and the values of a KV head, which lie in `new_head` [2, head_dim], as position t. The whole
// workgroup calls it, after a barrier.
fn append_head(t: u32, head: u32, thread: u32) {
  for (var i = thread; i < 2u * p.head_dim; i += WG) {
    let slot = head + (i / p.head_dim) * p.kv_heads;
    kv[(kv_row(t) * 2u * p.kv_heads + slot) * p.head_dim + i % p.head_dim] = bitcast<u32>(new_head[i]);
  }
}
