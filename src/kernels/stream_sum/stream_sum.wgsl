// sums[thread] = sum of the vectors this thread meets, all of `data` being read once
override WG: u32 = 256u;
struct Params { vectors: u32, pad0: u32, pad1: u32, pad2: u32 }
@group(0) @binding(0) var<storage, read>       data: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> sums: array<u32>;
@group(0) @binding(9) var<uniform>             p: Params;

@compute @workgroup_size(WG)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  var sum = vec4<u32>(0u);
  for (var i = id.x; i < p.vectors; i += groups.x * WG) { sum += data[i]; }
  sums[id.x] = sum.x + sum.y + sum.z + sum.w;
}
