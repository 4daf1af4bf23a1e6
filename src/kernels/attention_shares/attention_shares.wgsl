// The part of attention_flash that differs by what a workgroup sees: a share of the positions, unnormalised.
// out: [rows, heads, splits, headDim]   stats: [rows, heads, splits] of (top, total); zeros of shares past
// those in use, and where a row sees nothing of one.   (common: splits)
@group(0) @binding(4) var<storage, read_write> stats: array<vec2<f32>>;

// Shares differ by one position at most; none past those in use has any.
fn share_of(share: u32, first: u32, length: u32) -> vec2<u32> {
  let seen = length - first;
  let used = active_splits(seen, p.span, p.splits);
  if (share >= used) { return vec2<u32>(length, length); }
  return first + vec2<u32>(seen * share / used, seen * (share + 1u) / used);
}

fn leave(cell: u32, share: u32, quad: u32, sum: vec4<f32>, top: f32, total: f32) {
  let at = cell * p.splits + share;
  out[at * (p.head_dim / 4u) + quad] = sum;
  if (quad == 0u) { stats[at] = vec2<f32>(top, total); }
}
