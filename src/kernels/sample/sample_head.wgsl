// What every way of sampling is given, and what a logit weighs: see sample.wgsl.
const LOWEST = -0x1.fffffep+127;                            // the least finite f32
const NO_TOKEN = 0xffffffffu;
const BINS = 128u;
const LAST_KEY = 2097151u;                                   // 21 bits, three digits of BINS
struct Params { vocab: u32, rows: u32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<storage, read>       logits: array<u32>;
@group(0) @binding(1) var<storage, read>       settings: array<u32>;
@group(0) @binding(2) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(3) var<storage, read_write> state: array<u32>;
@group(0) @binding(4) var<storage, read_write> seen: array<u32>;
@group(0) @binding(9) var<uniform>             p: Params;
var<private> first: u32;                                     // of the row's logits

fn add(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + select(0u, 1u, low < a.x));
}
fn less(a: vec2<u32>, b: vec2<u32>) -> bool {
  return a.y < b.y || (a.y == b.y && a.x < b.x);
}
// The upper word of a product of two words.
fn high_product(a: u32, b: u32) -> u32 {
  let middle = (a & 0xffffu) * (b >> 16u) + (((a & 0xffffu) * (b & 0xffffu)) >> 16u);
  let other = (a >> 16u) * (b & 0xffffu) + (middle & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u);
}
// floor(total * fraction / 2^32)
fn share(total: vec2<u32>, fraction: u32) -> vec2<u32> {
  return add(vec2<u32>(total.y * fraction, high_product(total.y, fraction)), vec2<u32>(high_product(total.x, fraction), 0u));
}

fn mix(word: u32) -> u32 {
  var x = word;
  x = (x ^ (x >> 16u)) * 0x7feb352du;
  x = (x ^ (x >> 15u)) * 0x846ca68bu;
  return x ^ (x >> 16u);
}

fn allowed(id: u32) -> bool {
  return settings[7] == 0u || ((settings[8u + (id >> 5u)] >> (id & 31u)) & 1u) != 0u;
}
fn penalised(id: u32) -> f32 {
  let logit = bitcast<f32>(logits[first + id]);
  if (((seen[id >> 5u] >> (id & 31u)) & 1u) == 0u) { return logit; }
  return logit * bitcast<f32>(settings[select(2u, 3u, logit > 0.0)]);
}
// 65536ths of a halving below the best.
fn key_of(id: u32, top: f32) -> u32 {
  if (!allowed(id)) { return LAST_KEY; }                     // which weighs nothing
  let below = min(top - penalised(id) * 0.5, 2048.0);
  return u32(min(below * bitcast<f32>(settings[1]), f32(LAST_KEY)));
}
fn weight_of(key: u32) -> u32 {
  let f = key & 0xffffu;
  var t = 3488u - ((f * 447u) >> 16u);
  t = 15694u - ((f * t) >> 16u);
  t = 45421u - ((f * t) >> 16u);
  return ((65536u - ((f * t) >> 16u)) << 14u) >> (key >> 16u);
}
