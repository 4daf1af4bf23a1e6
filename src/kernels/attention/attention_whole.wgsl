// The part of attention_flash that differs by what a workgroup sees: all positions, and its result is the row's.
fn share_of(share: u32, first: u32, length: u32) -> vec2<u32> {
  return vec2<u32>(first, length);
}

fn leave(cell: u32, share: u32, quad: u32, sum: vec4<f32>, top: f32, total: f32) {
  out[cell * (p.head_dim / 4u) + quad] = sum / total;
}
