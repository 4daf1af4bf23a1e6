// Sums over the lanes of a team by workgroup memory, one barrier each: on any adapter. The kernel declares `slots`.
var<private> turn: u32 = 0u;

// Sum over the lanes of a team, for each of them. Called by the whole workgroup.
fn team_sum(value: vec4<f32>, thread: u32) -> vec4<f32> {
  // Two parts in turns: who writes to one has waited for all that read it.
  let part = turn * WG;
  turn = 1u - turn;
  slots[part + thread] = value;
  workgroupBarrier();
  let first = part + thread / LANES * LANES;
  var sum = vec4<f32>(0.0);
  for (var i = 0u; i < LANES; i++) { sum += slots[first + i]; }
  return sum;
}

// The same of two at once, at one barrier too. A kernel uses this or that.
fn team_sums(value: mat2x4<f32>, thread: u32) -> mat2x4<f32> {
  let part = turn * 2u * WG;
  turn = 1u - turn;
  slots[part + 2u * thread] = value[0];
  slots[part + 2u * thread + 1u] = value[1];
  workgroupBarrier();
  let first = part + thread / LANES * LANES * 2u;
  var sum = mat2x4<f32>();
  for (var i = 0u; i < LANES; i++) { sum += mat2x4<f32>(slots[first + 2u * i], slots[first + 2u * i + 1u]); }
  return sum;
}

// Sum over `folded_teams()` teams, lane by lane.
fn fold_teams(value: mat2x4<f32>) -> mat2x4<f32> {
  return value;
}

fn folded_teams() -> u32 {
  return 1u;
}
