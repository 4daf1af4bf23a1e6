// Rows of a matrix in MLC's 4-bit layout: see blocks.wgsl for the other kind.
struct WeightRow { first: u32 }                              // group of the row's first weights

fn weight_row(row: u32, groups: u32) -> WeightRow {
  return WeightRow(row * groups);
}

// What is added to the output of a row besides: nothing here.
fn bias_at(row: u32) -> f32 {
  return 0.0;
}
