// The scales of one group of four rows in MLC's 4-bit layout.   (common: scale_*)
fn row_scales(rows: vec4<u32>, groups: u32, g: u32) -> vec4<f32> {
  return vec4<f32>(scale_at(rows.x * groups + g), scale_at(rows.y * groups + g), scale_at(rows.z * groups + g), scale_at(rows.w * groups + g));
}
