// y[r,:] = x[s,:] / sqrt(mean(x[s,:]^2) + eps) * weight   s = first + r   x: [first + rows, dim]   y: [rows, dim]   weight: [dim]
// dispatch: one workgroup per row.   twin: reference/rms_norm.ts   numerics: f32 sum, tree order
override WG: u32 = 64u;                                      // power of two
struct Params { rows: u32, dim: u32, eps: f32, first: u32 }
@group(0) @binding(0) var<storage, read>       x: array<f32>;
@group(0) @binding(1) var<storage, read>       weight: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@group(0) @binding(9) var<uniform>             p: Params;

var<workgroup> partial: array<f32, WG>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
        @builtin(local_invocation_index) lane: u32) {
  let r = group.y * groups.x + group.x;
  if (r >= p.rows) { return; }
  let base = (p.first + r) * p.dim;
  var sum = 0.0;
  for (var d = lane; d < p.dim; d += WG) {
    let v = x[base + d];
    sum = fma(v, v, sum);
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = WG / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  let scale = inverseSqrt(partial[0] / f32(p.dim) + p.eps);
  for (var d = lane; d < p.dim; d += WG) {
    y[r * p.dim + d] = x[base + d] * scale * weight[d];
  }
}
