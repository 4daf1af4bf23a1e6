// Four columns of a row of a tile, sixteen apart, into y or added to it. (the kernel binds `y` and `p`)
fn write_row(m: u32, n: u32, sums: vec4<f32>) {
  if (m >= p.M) { return; }
  for (var j = 0u; j < 4u; j++) {
    let column = n + j * 16u;
    if (column < p.N) {
      let out = m * p.stride + p.first + column;
      let value = sums[j] + bias_at(column);
      if (p.accumulate != 0u) { y[out] += value; } else { y[out] = value; }
    }
  }
}
