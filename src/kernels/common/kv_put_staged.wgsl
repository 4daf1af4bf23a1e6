// Two neighbouring dims, the first one even, of a head of the one position that `kv` then holds, as f32.
fn kv_put(t: u32, slot: u32, dim: u32, pair: vec2<f32>) {
  let at = slot * p.head_dim + dim;
  kv[at] = bitcast<u32>(pair.x);
  kv[at + 1u] = bitcast<u32>(pair.y);
}
