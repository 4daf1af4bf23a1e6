// y[r,:] = dequant(table[tokens[r] - first,:]) where that row is in this block of the table
// tokens: [rows] ids   q: u32 [blockRows, dim/8]   scales: [blockRows, dim/32]   y: [rows, dim]
// dispatch: one thread per eight outputs.   twin: reference/embed_gather.ts   numerics: exact, or one f32 sum
// (common: q4_eight or blocks_eight)
override WG: u32 = 64u;
struct Params { rows: u32, dim: u32, first: u32, block_rows: u32 }
@group(0) @binding(0) var<storage, read>       tokens: array<u32>;
@group(0) @binding(1) var<storage, read>       q: array<u32>;
@group(0) @binding(2) var<storage, read>       scales: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;
@group(0) @binding(9) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * WG + lane;
  let words = p.dim / 8u;
  if (i >= p.rows * words) { return; }
  let r = i / words;
  let word = i % words;
  // Below the block the difference wraps around and is past block_rows too.
  let row = tokens[r] - p.first;
  if (row >= p.block_rows) { return; }
  let weights = eight_at(weight_row(row, p.dim / 32u), word / 4u, word % 4u);
  y[i * 2u] = weights.low;
  y[i * 2u + 1u] = weights.high;
}
