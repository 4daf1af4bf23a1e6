// The heart of every decode kernel: four rows of q4 weights times one x, K shared out over LANES lanes.
// For kernels that bind `q: array<vec4<u32>>` and `scales`, and define x_at(i): the i-th vec4 of x, however it
// comes about. A lane-step is one group: 32 weights in one 128-bit load, one scale.
// numerics: per group sum(code * x) - 7 * sum(x) in f32, then the scale; lanes summed in tree order.
override LANES: u32 = 32u;                                   // power of two; 1 leaves a row to one thread
override SLOTS: u32 = 2u;                                    // sets of four rows per workgroup
override WG: u32 = LANES * SLOTS;

var<workgroup> partial: array<vec4<f32>, WG>;

// Even and odd codes of a word against even and odd x: bytes hold k, k+1 as low and high nibble.
fn word_dot(word: u32, even: vec4<f32>, odd: vec4<f32>) -> f32 {
  return dot(vec4<f32>(unpack4xU8(word & 0x0f0f0f0fu)), even) + dot(vec4<f32>(unpack4xU8((word >> 4u) & 0x0f0f0f0fu)), odd);
}

// What this lane's groups add to the four rows' dot products.
fn lane_dots(rows: vec4<u32>, groups: u32, lane: u32) -> vec4<f32> {
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
    let scale = vec4<f32>(scale_at(rows.x * groups + g), scale_at(rows.y * groups + g), scale_at(rows.z * groups + g), scale_at(rows.w * groups + g));
    sums = fma(dots - shift, scale, sums);
  }
  return sums;
}

// Sum over the lanes of a slot; every lane of the slot gets it. Called by the whole workgroup.
fn sum_lanes(value: vec4<f32>, lane: u32, slot: u32) -> vec4<f32> {
  let at = slot * LANES + lane;
  partial[at] = value;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { partial[at] += partial[at + half]; }
    workgroupBarrier();
  }
  let sum = partial[slot * LANES];
  workgroupBarrier();
  return sum;
}
