// Sums over the lanes of a team by shuffles, without a barrier. Needs the feature `subgroups`, teams no larger than any
// subgroup, and threads of a subgroup that follow one another: see sum_subgroup.

// Sum over the lanes of a team, for each of them. Called by the whole workgroup.
fn team_sum(value: vec4<f32>, thread: u32) -> vec4<f32> {
  var sum = value;
  for (var mask = 1u; mask < LANES; mask *= 2u) { sum += subgroupShuffleXor(sum, mask); }
  return sum;
}

fn team_sums(value: mat2x4<f32>, thread: u32) -> mat2x4<f32> {
  return mat2x4<f32>(team_sum(value[0], thread), team_sum(value[1], thread));
}

// Sum over `folded_teams()` teams, lane by lane: those of a subgroup. Called by the whole workgroup.
fn fold_teams(value: mat2x4<f32>) -> mat2x4<f32> {
  let size = subgroupAdd(1u);
  var sum = value;
  for (var mask = LANES; mask < WG; mask *= 2u) {
    // Beyond the subgroup there is nothing to read.
    let low = select(vec4<f32>(0.0), subgroupShuffleXor(sum[0], mask), mask < size);
    let high = select(vec4<f32>(0.0), subgroupShuffleXor(sum[1], mask), mask < size);
    sum += mat2x4<f32>(low, high);
  }
  return sum;
}

fn folded_teams() -> u32 {
  return subgroupAdd(1u) / LANES;
}
