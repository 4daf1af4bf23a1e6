// Sums over threads by subgroups of whatever size, their sums by workgroup memory. Needs the feature `subgroups`, and
// threads of a subgroup that follow one another: WGSL does not promise the latter, so that a device is asked before
// this is used on it (model/tuning.ts).
override SUBGROUP_MIN: u32 = 4u;                             // no subgroup here is smaller; 4 is WebGPU's least
const LEAST = 4u;
var<workgroup> partial: array<vec4<f32>, (WG + LEAST - 1u) / LEAST>;

// Sum over the lanes of a slot, at most 128; every lane of the slot gets it. Called by the whole workgroup.
fn sum_lanes(value: vec4<f32>, lane: u32, slot: u32) -> vec4<f32> {
  let size = subgroupAdd(1u);
  var sum = value;
  for (var mask = 1u; mask < LANES; mask *= 2u) {
    // Beyond the subgroup there is nothing to read.
    sum += select(vec4<f32>(0.0), subgroupShuffleXor(sum, mask), mask < size);
  }
  if (LANES <= SUBGROUP_MIN) { return sum; }
  let at = slot * LANES + lane;
  if (at % size == 0u) { partial[at / size] = sum; }
  workgroupBarrier();
  if (LANES > size) {
    sum = vec4<f32>(0.0);
    for (var i = slot * LANES / size; i < (slot + 1u) * LANES / size; i++) { sum += partial[i]; }
  }
  workgroupBarrier();
  return sum;
}

// Sum over all threads, for all of them.
fn sum_workgroup(value: f32, thread: u32) -> f32 {
  let size = subgroupAdd(1u);
  let part = subgroupAdd(value);
  if (thread % size == 0u) { partial[thread / size] = vec4<f32>(part, 0.0, 0.0, 0.0); }
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0u; i < WG / size; i++) { sum += partial[i].x; }
  workgroupBarrier();
  return sum;
}
