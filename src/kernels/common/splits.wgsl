// How decode attention shares positions out: as few splits as keep each within `span`, at most `max_splits`.
// The kernel that combines must come to the same number as the one that splits.
fn active_splits(length: u32, span: u32, max_splits: u32) -> u32 {
  return clamp((length + span - 1u) / span, 1u, max_splits);
}
