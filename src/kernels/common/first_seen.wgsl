// The first position that one attends to: with itself they are `window`, or all there are.
fn first_seen(position: u32, window: u32) -> u32 {
  return position + 1u - min(position + 1u, window);
}
