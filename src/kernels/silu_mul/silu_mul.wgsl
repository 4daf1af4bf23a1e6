// y[r,f] = up * gate / (1 + exp(-gate))     gate_up: [rows, 2 * width], gate first   y: [rows, width]
// dispatch: one thread per output.   twin: reference/silu_mul.ts   numerics: f32 exp
override WG: u32 = 64u;
struct Params { rows: u32, width: u32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<storage, read>       gate_up: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(9) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let i = (group.y * groups.x + group.x) * WG + lane;
  if (i >= p.rows * p.width) { return; }
  let at = (i / p.width) * 2u * p.width + i % p.width;
  let gate = gate_up[at];
  // Past 80 the result is zero to f32 anyway, and WGSL promises nothing about infinities.
  y[i] = gate_up[at + p.width] * gate / (1.0 + exp(min(-gate, 80.0)));
}
