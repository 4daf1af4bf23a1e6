// The heart of every decode kernel: four rows of q4 weights times one x, K shared out over LANES lanes. A lane-step
// is one group: 32 weights in one 128-bit load, one scale. A workgroup holds SLOTS sets of four rows.
// (with one of dots_* and one of sum_*: see matvec.ts)
override LANES: u32 = 32u;                                   // power of two; 1 leaves a row to one thread
override SLOTS: u32 = 2u;                                    // sets of four rows per workgroup
override WG: u32 = LANES * SLOTS;

fn row_scales(rows: vec4<u32>, groups: u32, g: u32) -> vec4<f32> {
  return vec4<f32>(scale_at(rows.x * groups + g), scale_at(rows.y * groups + g), scale_at(rows.z * groups + g), scale_at(rows.w * groups + g));
}
