// out[r,h,:] = sum_t softmax_t(scale * q[r,h,:] . k[t,h/share,:]) v[t,h/share,:]  over the window of t <= state[0] + r
// for GPUs: LANES lanes are a team and have two rows of q, and of the result, in registers. Keys and values pass
// through workgroup memory, TILE positions of a whole head at a time, and each eight of dims read there serves both rows.
// q: [rows, heads * headDim]   kv: rows of words, see base/kv-format.ts   out: [rows, heads * headDim]
// dispatch: one workgroup per 2 WG / LANES rows of a head.   twin: reference/attention.ts
// numerics: f32 online softmax over four positions at a time; heads of whole eights of dims
// (common: kv_row, kv_pair*, first_seen, team_{tree,subgroup}, and tile_*)
override WG: u32 = 64u;
override LANES: u32 = 4u;                                    // power of two
override UNITS: u32 = 3u;                                    // eights of dims of a lane, at most 4
override EIGHTS: u32 = 12u;                                  // of a head
override TILE: u32 = 16u;                                    // a multiple of 4
const MASKED = -3.4e38;
struct Params { rows: u32, heads: u32, kv_heads: u32, head_dim: u32, scale: f32, splits: u32, span: u32, window: u32 }
@group(0) @binding(0) var<storage, read>       q: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read>       kv: array<KvWord>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read_write> out: array<vec4<f32>>;
@group(0) @binding(9) var<uniform>             p: Params;

var<workgroup> slots: array<vec4<f32>, 4u * WG>;             // of team_tree alone

// An eight of dims of the result of both rows.
struct Sums { a: mat2x4<f32>, b: mat2x4<f32> }

// Zeros past the head's end, so that it does not matter what the keys have there.
fn query_of(row: u32, head: u32, unit: u32) -> mat2x4<f32> {
  let at = 2u * ((row * p.heads + head) * EIGHTS + unit);
  if (unit >= LANES * UNITS || unit >= EIGHTS) { return mat2x4<f32>(); }
  return mat2x4<f32>(q[at], q[at + 1u]) * p.scale;
}

fn dot_8(a: mat2x4<f32>, b: mat2x4<f32>) -> f32 {
  return dot(a[0], b[0]) + dot(a[1], b[1]);
}

// Products of both rows with four keys; `at`: of the first in the tile.
fn dots(a: mat2x4<f32>, b: mat2x4<f32>, at: u32) -> mat2x4<f32> {
  let k0 = tile_pair(at);
  let k1 = tile_pair(at + EIGHTS);
  let k2 = tile_pair(at + 2u * EIGHTS);
  let k3 = tile_pair(at + 3u * EIGHTS);
  return mat2x4<f32>(vec4<f32>(dot_8(a, k0), dot_8(a, k1), dot_8(a, k2), dot_8(a, k3)),
                     vec4<f32>(dot_8(b, k0), dot_8(b, k1), dot_8(b, k2), dot_8(b, k3)));
}

fn add_values(sums: Sums, at: u32, shrink: vec2<f32>, weights: mat2x4<f32>) -> Sums {
  let v0 = tile_pair(at);
  let v1 = tile_pair(at + EIGHTS);
  let v2 = tile_pair(at + 2u * EIGHTS);
  let v3 = tile_pair(at + 3u * EIGHTS);
  let a = weights[0];
  let b = weights[1];
  return Sums(sums.a * shrink.x + v0 * a.x + v1 * a.y + v2 * a.z + v3 * a.w,
              sums.b * shrink.y + v0 * b.x + v1 * b.y + v2 * b.z + v3 * b.w);
}

fn largest(scores: vec4<f32>) -> f32 {
  return max(max(scores.x, scores.y), max(scores.z, scores.w));
}

fn write_unit(row: u32, head: u32, unit: u32, sum: mat2x4<f32>, total: f32) {
  if (row >= p.rows || unit >= EIGHTS) { return; }
  let at = 2u * ((row * p.heads + head) * EIGHTS + unit);
  out[at] = sum[0] / total;
  out[at + 1u] = sum[1] / total;
}

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) thread: u32) {
  let teams = WG / LANES;
  let blocks = (p.rows + 2u * teams - 1u) / (2u * teams);
  let i = group.y * groups.x + group.x;
  if (i >= blocks * p.heads) { return; }
  let head = i % p.heads;
  let first_row = i / p.heads * 2u * teams;
  let keys = head / (p.heads / p.kv_heads);
  let values = p.kv_heads + keys;
  let team = thread / LANES;
  let lane = thread % LANES;
  let row_a = first_row + team;
  let row_b = row_a + teams;
  // Rows past the end see what the last one sees and are not written.
  let lengths = state[0] + 1u + min(vec2<u32>(row_a, row_b), vec2<u32>(p.rows - 1u));
  let firsts = lengths - min(lengths, vec2<u32>(p.window));
  let end = state[0] + min(first_row + 2u * teams, p.rows);
  let from_a = min(row_a, p.rows - 1u);
  let from_b = min(row_b, p.rows - 1u);
  let a0 = query_of(from_a, head, lane);
  let a1 = query_of(from_a, head, lane + LANES);
  let a2 = query_of(from_a, head, lane + 2u * LANES);
  let a3 = query_of(from_a, head, lane + 3u * LANES);
  let b0 = query_of(from_b, head, lane);
  let b1 = query_of(from_b, head, lane + LANES);
  let b2 = query_of(from_b, head, lane + 2u * LANES);
  let b3 = query_of(from_b, head, lane + 3u * LANES);
  // Lanes without dims read the last ones.
  let unit = min(vec4<u32>(lane, lane + LANES, lane + 2u * LANES, lane + 3u * LANES), vec4<u32>(EIGHTS - 1u));
  var s0 = Sums();
  var s1 = Sums();
  var s2 = Sums();
  var s3 = Sums();
  var top = vec2<f32>(MASKED);
  var total = vec2<f32>(0.0);
  for (var start = first_seen(state[0] + first_row, p.window); start < end; start += TILE) {
    // Whole fours of positions, those past the end being the last one again. Bounds that are not constant: some
    // compilers take minutes over such loops unrolled.
    let count = min(TILE, (end - start + 3u) & ~3u);
    for (var j = thread; j < count * EIGHTS; j += WG) {
      let t = min(start + j / EIGHTS, end - 1u);
      tile_put(j, t, keys, j % EIGHTS);
      tile_put(TILE * EIGHTS + j, t, values, j % EIGHTS);
    }
    workgroupBarrier();
    for (var j = 0u; j < count; j += 4u) {
      let at = vec4<u32>(j * EIGHTS) + unit;
      var products = dots(a0, b0, at.x);
      if (UNITS > 1u) { products += dots(a1, b1, at.y); }
      if (UNITS > 2u) { products += dots(a2, b2, at.z); }
      if (UNITS > 3u) { products += dots(a3, b3, at.w); }
      products = team_sums(products, thread);
      let four = start + j + vec4<u32>(0u, 1u, 2u, 3u);
      let a = select(vec4<f32>(MASKED), products[0], (four >= vec4<u32>(firsts.x)) & (four < vec4<u32>(lengths.x)));
      let b = select(vec4<f32>(MASKED), products[1], (four >= vec4<u32>(firsts.y)) & (four < vec4<u32>(lengths.y)));
      let new_top = max(top, vec2<f32>(largest(a), largest(b)));
      let shrink = exp(top - new_top);
      top = new_top;
      // What is masked weighs nothing beside a position that is seen. Of a window it may come first: then a mask is the
      // top, and the first position seen shrinks what was summed to nothing.
      let weights = mat2x4<f32>(exp(a - top.x), exp(b - top.y));
      total = fma(total, shrink, vec2<f32>(dot(weights[0], vec4<f32>(1.0)), dot(weights[1], vec4<f32>(1.0))));
      let to = at + TILE * EIGHTS;
      s0 = add_values(s0, to.x, shrink, weights);
      if (UNITS > 1u) { s1 = add_values(s1, to.y, shrink, weights); }
      if (UNITS > 2u) { s2 = add_values(s2, to.z, shrink, weights); }
      if (UNITS > 3u) { s3 = add_values(s3, to.w, shrink, weights); }
    }
    workgroupBarrier();
  }
  write_unit(row_a, head, lane, s0.a, total.x);
  write_unit(row_b, head, lane, s0.b, total.y);
  if (UNITS > 1u) {
    write_unit(row_a, head, lane + LANES, s1.a, total.x);
    write_unit(row_b, head, lane + LANES, s1.b, total.y);
  }
  if (UNITS > 2u) {
    write_unit(row_a, head, lane + 2u * LANES, s2.a, total.x);
    write_unit(row_b, head, lane + 2u * LANES, s2.b, total.y);
  }
  if (UNITS > 3u) {
    write_unit(row_a, head, lane + 3u * LANES, s3.a, total.x);
    write_unit(row_b, head, lane + 3u * LANES, s3.b, total.y);
  }
}
