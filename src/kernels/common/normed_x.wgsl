// x_at for kernels whose input is RMS-normed: x * gamma now, the row's 1 / rms once at the end, from the squares
// gathered on the way. Binds `x` and `gamma`; each lane meets every element of its groups once.
var<private> squares: f32;
fn x_at(i: u32) -> vec4<f32> {
  let v = x[i];
  squares += dot(v, v);
  return v * gamma[i];
}
