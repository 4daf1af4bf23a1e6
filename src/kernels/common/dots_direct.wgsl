// lane_dots with x straight from where it lies: each lane asks x_at for the elements of its groups. One of the ways
// of matvec.ts; the kernel binds `q: array<vec4<u32>>` and `scales` and defines x_at(i), the i-th vec4 of x.
// numerics: per group sum(code * x) - 7 * sum(x) in f32, then the scale

// Even and odd codes of a word against even and odd x: bytes hold k, k+1 as low and high nibble.
fn word_dot(word: u32, even: vec4<f32>, odd: vec4<f32>) -> f32 {
  return dot(vec4<f32>(unpack4xU8(word & 0x0f0f0f0fu)), even) + dot(vec4<f32>(unpack4xU8((word >> 4u) & 0x0f0f0f0fu)), odd);
}

// What this lane's groups add to the four rows' dot products. Called by the whole workgroup.
fn lane_dots(rows: vec4<u32>, groups: u32, lane: u32, slot: u32) -> vec4<f32> {
  var sums = vec4<f32>(0.0);
  for (var g = lane; g < groups; g += LANES) {
    let w0 = q[rows.x * groups + g];
    let w1 = q[rows.y * groups + g];
    let w2 = q[rows.z * groups + g];
    let w3 = q[rows.w * groups + g];
    var dots = vec4<f32>(0.0);
    var total = vec4<f32>(0.0);
    for (var w = 0u; w < 4u; w++) {
      let a = x_at(g * 8u + w * 2u);
      let b = x_at(g * 8u + w * 2u + 1u);
      let even = vec4<f32>(a.xz, b.xz);
      let odd = vec4<f32>(a.yw, b.yw);
      total += a + b;
      dots += vec4<f32>(word_dot(w0[w], even, odd), word_dot(w1[w], even, odd), word_dot(w2[w], even, odd), word_dot(w3[w], even, odd));
    }
    let shift = 7.0 * (total.x + total.y + total.z + total.w);
    sums = fma(dots - shift, row_scales(rows, groups, g), sums);
  }
  return sums;
}

// The sum of what x_at gathered on the way: each lane of a slot met its groups of x once.
fn sum_over_x(value: f32, lane: u32, slot: u32) -> f32 {
  return sum_lanes(vec4<f32>(value), lane, slot).x;
}
