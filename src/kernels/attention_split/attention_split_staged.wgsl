// The part of attention_split that differs by format: the newest position lies in `staged`, [2, kvHeads * headDim],
// and becomes a row of the cache here, where a workgroup sees all of a head. The last share takes it as it will be
// read back, so that it makes no difference who writes a position. (common: kv_append_*)
@group(0) @binding(1) var<storage, read_write> kv: array<KvWord>;
@group(0) @binding(5) var<storage, read>       staged: array<f32>;
const STAGED = true;

var<workgroup> new_head: array<f32, 512>;                    // [2, head_dim]

// The whole workgroup calls it.
fn take_newest(head: u32, lane: u32) {
  let share = p.heads / p.kv_heads;
  let kv_head = head / share;
  for (var d = lane; d < p.head_dim; d += WG) {
    new_head[d] = staged[kv_head * p.head_dim + d];
    new_head[p.head_dim + d] = staged[(p.kv_heads + kv_head) * p.head_dim + d];
  }
  workgroupBarrier();
  // Heads that share a KV head write the same words.
  append_head(state[0], kv_head, lane);
  workgroupBarrier();
}

fn newest_quad(values: bool, quad: u32) -> vec4<f32> {
  let d = select(0u, p.head_dim, values) + 4u * quad;
  return vec4<f32>(new_head[d], new_head[d + 1u], new_head[d + 2u], new_head[d + 3u]);
}
