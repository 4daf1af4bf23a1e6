// What every matmul_q4_* is given.
struct Params { M: u32, N: u32, K: u32, first: u32, stride: u32, accumulate: u32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<storage, read>       x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read>       q: array<u32>;
@group(0) @binding(2) var<storage, read>       scales: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(9) var<uniform>             p: Params;
