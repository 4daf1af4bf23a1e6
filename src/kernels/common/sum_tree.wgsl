// Sums over threads by workgroup memory and barriers: on any adapter.
var<workgroup> partial: array<vec4<f32>, WG>;

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

// Sum over all threads, for all of them.
fn sum_workgroup(value: f32, thread: u32) -> f32 {
  partial[thread] = vec4<f32>(value, 0.0, 0.0, 0.0);
  workgroupBarrier();
  for (var half = WG / 2u; half > 0u; half /= 2u) {
    if (thread < half) { partial[thread] += partial[thread + half]; }
    workgroupBarrier();
  }
  let sum = partial[0].x;
  workgroupBarrier();
  return sum;
}
