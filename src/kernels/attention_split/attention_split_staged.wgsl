// The part of attention_split that differs by format: the newest position lies in `staged`, [2, kvHeads * headDim],
// and becomes a row of the cache here, where a workgroup sees all of a head. The last share takes it as it will be
// read back, so that it makes no difference who writes a position. (common: kv_append_*)
@group(0) @binding(1) var<storage, read_write> kv: array<KvWord>;
@group(0) @binding(5) var<storage, read>       staged: array<f32>;
const STAGED = true;

var<workgroup> new_head: array<f32, 512>;                    // [2, head_dim]

// The whole workgroup calls it.
fn newest_score(head: u32, lane: u32) -> f32 {
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
  var product = 0.0;
  for (var d = lane; d < p.head_dim; d += WG) { product = fma(query[d / 4u][d % 4u], new_head[d], product); }
  scratch[lane] = product;
  workgroupBarrier();
  for (var half = WG / 2u; half > 0u; half /= 2u) {
    if (lane < half) { scratch[lane] += scratch[lane + half]; }
    workgroupBarrier();
  }
  let score = scratch[0];
  workgroupBarrier();
  return score;
}

fn newest_value(quad: u32) -> vec4<f32> {
  let d = p.head_dim + 4u * quad;
  return vec4<f32>(new_head[d], new_head[d + 1u], new_head[d + 2u], new_head[d + 3u]);
}
