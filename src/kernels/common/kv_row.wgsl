// Which row of the cache a position has: its own, or, in a ring of RING rows, the one of the position RING before it,
// which nobody looks back at any more.
override RING: u32 = 0u;                                     // 0: no ring
fn kv_row(t: u32) -> u32 {
  if (RING == 0u) { return t; }
  return t % max(RING, 1u);
}
