// Matrices of GGUF blocks, as model/weights/block-planes.ts lays them out: codes in `q`, all else in `scales`, whose
// first words say where. A matrix may be of up to three tensors, each of a kind of its own, its rows one after another.
// A group is 32 weights of a row: as in the file, weights 0..15 are the low halves of 16 bytes, 16..31 the high ones.
override TYPE0: u32 = 1u;                                    // kinds of the first, second and third tensor
override TYPE1: u32 = 1u;
override TYPE2: u32 = 1u;
const Q4_0 = 0u;
const Q4_1 = 1u;
const Q5_0 = 2u;
const Q5_1 = 3u;
const Q8_0 = 4u;
const Q4_K = 5u;
const Q5_K = 6u;
const Q6_K = 7u;

// Where a row's planes begin: `codes` in vec4s of q; `high` in words of scales; `scale` and `outer` in what they count.
struct WeightRow { kind: u32, codes: u32, high: u32, scale: u32, outer: u32 }

fn is_five(kind: u32) -> bool {
  return kind == Q5_0 || kind == Q5_1 || kind == Q5_K;
}

fn weight_row(row: u32, groups: u32) -> WeightRow {
  var kind = TYPE0;
  var start = 0u;
  var at = 4u;
  if (row >= scales[1]) {
    kind = TYPE2;
    start = scales[1];
    at = 12u;
  } else if (row >= scales[0]) {
    kind = TYPE1;
    start = scales[0];
    at = 8u;
  }
  let first = (row - start) * groups;
  let pair = kind == Q4_1 || kind == Q5_1;
  return WeightRow(
    kind,
    scales[at] + first * select(1u, 2u, kind == Q8_0),
    scales[at + 1u] + first * select(1u, 2u, kind == Q6_K),
    scales[at + 2u] * select(2u, 1u, pair) + first,
    scales[at + 3u] * select(1u, 2u, kind == Q6_K) + first / 8u);
}

fn half_at(i: u32) -> f32 {
  return unpack2x16float(scales[i >> 1u])[i & 1u];
}

fn short_at(i: u32) -> u32 {
  return (scales[i >> 1u] >> ((i & 1u) * 16u)) & 0xffffu;
}

// weight = a * code + b: (a, b) of a group's first 16 weights, then of its last.
fn group_scales(r: WeightRow, g: u32) -> vec4<f32> {
  if (r.kind == Q4_1 || r.kind == Q5_1) { return unpack2x16float(scales[r.scale + g]).xyxy; }
  if (r.kind == Q4_K || r.kind == Q5_K) {
    let packed = short_at(r.scale + g);
    let d = unpack2x16float(scales[r.outer + g / 8u]);
    return vec2<f32>(d.x * f32(packed & 255u), -d.y * f32(packed >> 8u)).xyxy;
  }
  if (r.kind == Q6_K) {
    let a = half_at(r.outer + g / 8u) * vec2<f32>(unpack4xI8(short_at(r.scale + g)).xy);
    return vec4<f32>(a.x, -32.0 * a.x, a.y, -32.0 * a.y);
  }
  let d = half_at(r.scale + g);
  let zero = select(select(16.0, 8.0, r.kind == Q4_0), 0.0, r.kind == Q8_0);
  return vec2<f32>(d, -zero * d).xyxy;
}

// What is added to the output of a row besides.
fn bias_at(row: u32) -> f32 {
  if (scales[2] == 0u) { return 0.0; }
  return bitcast<f32>(scales[scales[2] + row]);
}
