// out[r,h,:] = sum_t softmax_t(scale * q[r,h,:] . k[t,h/share,:]) v[t,h/share,:]  over the window of t <= state[0] + r
// q: [rows, heads * headDim]   kv: rows of words, see base/kv-format.ts   out: [rows, heads * headDim]
// dispatch: one workgroup per 8 rows of a head, and per share of the positions.   twin: reference/attention.ts
// numerics: f32 online softmax over tiles of 32 positions; K and V pass through workgroup memory 32 dims at a time,
// so that any head of whole quads up to 256 fits into 16 KiB
// (common: kv_row, kv_read_*, first_seen, and attention_whole or attention_shares: which positions, and what is left of them)
const WG = 64u;
const ROWS = 8u;                                             // of q; eight lanes each
const LANES = 8u;                                            // quads of a chunk of dims
const TILE = 32u;                                            // positions
const MAX_CHUNKS = 8u;
const MASKED = -3.4e38;
struct Params { rows: u32, heads: u32, kv_heads: u32, head_dim: u32, scale: f32, splits: u32, span: u32, window: u32 }
@group(0) @binding(0) var<storage, read>       q: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read>       kv: array<KvWord>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(9) var<uniform>             p: Params;

var<workgroup> queries: array<vec4<f32>, 512>;               // [ROWS][MAX_CHUNKS * LANES]
var<workgroup> chunk: array<vec4<f32>, 256>;                 // [TILE][LANES], swizzled
var<workgroup> weights: array<f32, 256>;                     // [ROWS][TILE]

// Positions eight apart would meet in one memory bank.
fn at(position: u32, quad: u32) -> u32 {
  return position * LANES + (quad ^ (position & 7u));
}

// Dims of a chunk of the positions of a tile; zeros past the head's end and past the last position.
fn load_chunk(thread: u32, start: u32, end: u32, slot: u32, first_quad: u32) {
  let quads = p.head_dim / 4u;
  for (var i = thread; i < TILE * LANES; i += WG) {
    let t = start + i / LANES;
    let quad = first_quad + i % LANES;
    var value = vec4<f32>(0.0);
    if (t < end && quad < quads) { value = kv_quad(t, slot, quad) * kv_scale(t, slot); }
    chunk[at(i / LANES, i % LANES)] = value;
  }
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let blocks = (p.rows + ROWS - 1u) / ROWS;
  let cell = group.y * groups.x + group.x;
  let i = cell / p.splits;
  if (i >= blocks * p.heads) { return; }
  let head = i % p.heads;
  let first_row = (i / p.heads) * ROWS;
  let row = thread / LANES;
  let lane = thread % LANES;
  let quads = p.head_dim / 4u;
  let chunks = (quads + LANES - 1u) / LANES;
  let keys = head / (p.heads / p.kv_heads);
  let values = p.kv_heads + keys;
  // Rows past the end see what the last one sees and are not written.
  let my_row = min(first_row + row, p.rows - 1u);
  let mine = share_of(cell % p.splits, first_seen(state[0] + first_row, p.window), state[0] + min(first_row + ROWS, p.rows));
  let end = mine.y;
  let length = min(state[0] + my_row + 1u, end);
  let first = first_seen(state[0] + my_row, p.window);
  for (var c = 0u; c < chunks; c++) {
    let quad = c * LANES + lane;
    var value = vec4<f32>(0.0);
    if (quad < quads) { value = q[(my_row * p.heads + head) * quads + quad] * p.scale; }
    queries[row * MAX_CHUNKS * LANES + quad] = value;
  }
  var sums: array<vec4<f32>, MAX_CHUNKS>;
  var top = MASKED;
  var total = 0.0;
  for (var start = mine.x; start < end; start += TILE) {
    // This lane's positions: lane, lane + 8, lane + 16, lane + 24.
    var scores = vec4<f32>(0.0);
    for (var c = 0u; c < chunks; c++) {
      load_chunk(thread, start, end, keys, c * LANES);
      workgroupBarrier();
      for (var quad = 0u; quad < min(LANES, quads - c * LANES); quad++) {
        let query = queries[row * MAX_CHUNKS * LANES + c * LANES + quad];
        scores += vec4<f32>(
          dot(query, chunk[at(lane, quad)]), dot(query, chunk[at(lane + 8u, quad)]),
          dot(query, chunk[at(lane + 16u, quad)]), dot(query, chunk[at(lane + 24u, quad)]));
      }
      workgroupBarrier();
    }
    let position = start + lane + vec4<u32>(0u, 8u, 16u, 24u);
    let seen = (position >= vec4<u32>(first)) & (position < vec4<u32>(length));
    for (var j = 0u; j < 4u; j++) { weights[row * TILE + lane + j * 8u] = select(MASKED, scores[j], seen[j]); }
    workgroupBarrier();
    // Bounds that are not constant: some compilers take minutes over such loops unrolled.
    let count = min(TILE, end - start);
    var new_top = top;
    for (var j = 0u; j < count; j++) { new_top = max(new_top, weights[row * TILE + j]); }
    let shrink = exp(top - new_top);
    top = new_top;
    workgroupBarrier();
    for (var j = 0u; j < 4u; j++) { weights[row * TILE + lane + j * 8u] = select(0.0, exp(scores[j] - top), seen[j]); }
    workgroupBarrier();
    total *= shrink;
    for (var j = 0u; j < count; j++) { total += weights[row * TILE + j]; }
    for (var c = 0u; c < chunks; c++) {
      load_chunk(thread, start, end, values, c * LANES);
      workgroupBarrier();
      var sum = sums[c] * shrink;
      for (var j = 0u; j < count; j++) { sum = fma(vec4<f32>(weights[row * TILE + j]), chunk[at(j, lane)], sum); }
      sums[c] = sum;
      workgroupBarrier();
    }
  }
  if (first_row + row >= p.rows) { return; }
  for (var c = 0u; c < chunks; c++) {
    let quad = c * LANES + lane;
    if (quad < quads) { leave(my_row * p.heads + head, cell % p.splits, quad, sums[c], top, total); }
  }
}
