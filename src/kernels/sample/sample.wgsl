// tokens[0] = the last id drawn, tokens[1] = n, how many were; state[0] += n, state[1] += n, the ids' bits set in seen:
// the next step may run unseen. Greedy, or: repetition penalty, temperature, top-p, a draw by seed and number.
// One id for each row of logits, as long as the guess that the next row was run with, tokens[row + 1], is the id drawn.
// logits: f32 bits [rows, vocab]   settings: u32 [8], sampling/sampler.ts says what, and where settings[7] is 1 a mask
// behind them, u32 [vocab/32]: only ids whose bit is set are drawn, of none the id is no token   seen: u32 [vocab/32], the answer's
// ids   state: [position, draws]. A logit that is not finite makes the id 0xffffffff, which is no token.
// dispatch: one workgroup.   twin: sampling/sampler.ts   numerics: exact: f32 products and differences of two
// numbers, then whole numbers; sums of 64 bits as (low, high)
override WG: u32 = 256u;                                     // power of two, at least BINS
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

var<workgroup> best_logit: array<f32, WG>;
var<workgroup> best_id: array<u32, WG>;
var<workgroup> broken: array<u32, WG>;
var<workgroup> bins_low: array<atomic<u32>, BINS>;
var<workgroup> bins_high: array<atomic<u32>, BINS>;
var<workgroup> parts: array<vec2<u32>, WG>;
var<workgroup> end_key: u32;
var<workgroup> before: vec2<u32>;
var<workgroup> wanted: vec2<u32>;
var<workgroup> goes_on: u32;
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

@compute @workgroup_size(WG)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var row = 0u; row < p.rows; row++) {
    first = row * p.vocab;
    let id = draw(lane, state[1] + row);
    if (lane == 0u) {
      if (id != NO_TOKEN) { seen[id >> 5u] |= 1u << (id & 31u); }
      goes_on = 0u;
      if (id != NO_TOKEN && row + 1u < p.rows) { goes_on = select(0u, 1u, tokens[row + 1u] == id); }
      if (goes_on == 0u) {
        tokens[0] = id;
        tokens[1] = row + 1u;
        state[0] += row + 1u;
        state[1] += row + 1u;
      }
    }
    storageBarrier();
    if (workgroupUniformLoad(&goes_on) == 0u) { break; }
  }
}

// The id of one row; right in lane 0.
fn draw(lane: u32, number: u32) -> u32 {
  var highest = LOWEST;
  var highest_id = NO_TOKEN;
  var strange = 0u;
  for (var i = lane; i < p.vocab; i += WG) {
    // Looked at as bits: a compiler may assume that floats are finite.
    if ((logits[first + i] & 0x7f800000u) == 0x7f800000u) { strange = 1u; continue; }
    if (!allowed(i)) { continue; }
    let logit = penalised(i);
    if (logit > highest || highest_id == NO_TOKEN) {
      highest = logit;
      highest_id = i;
    }
  }
  best_logit[lane] = highest;
  best_id[lane] = highest_id;
  broken[lane] = strange;
  workgroupBarrier();
  for (var half = WG / 2u; half > 0u; half /= 2u) {
    if (lane < half) {
      let other = lane + half;
      broken[lane] |= broken[other];
      let higher = best_logit[other] > best_logit[lane];
      let earlier = best_logit[other] == best_logit[lane] && best_id[other] < best_id[lane];
      if (higher || earlier) {
        best_logit[lane] = best_logit[other];
        best_id[lane] = best_id[other];
      }
    }
    workgroupBarrier();
  }
  var id = best_id[0];
  if (settings[0] == 0u) {
    let top = best_logit[0] * 0.5;
    var last = LAST_KEY;
    if (settings[4] != 0u) { last = nucleus_end(lane, top, settings[4]); }
    // One stretch of ids per lane; then the one where the target lies is walked through.
    let stretch = (p.vocab + WG - 1u) / WG;
    var sum = vec2<u32>(0u);
    for (var i = lane * stretch; i < min((lane + 1u) * stretch, p.vocab); i++) {
      let key = key_of(i, top);
      if (key <= last) { sum = add(sum, vec2<u32>(weight_of(key), 0u)); }
    }
    parts[lane] = sum;
    workgroupBarrier();
    if (lane == 0u) {
      var total = vec2<u32>(0u);
      for (var part = 0u; part < WG; part++) { total = add(total, parts[part]); }
      let random = mix(mix(number * 0x9e3779b9u + settings[5]) ^ settings[6]);
      let goal = share(total, random);
      var reached = vec2<u32>(0u);
      var part = 0u;
      while (part < WG - 1u && !less(goal, add(reached, parts[part]))) {
        reached = add(reached, parts[part]);
        part++;
      }
      for (var i = part * stretch; i < p.vocab; i++) {
        let key = key_of(i, top);
        if (key > last) { continue; }
        reached = add(reached, vec2<u32>(weight_of(key), 0u));
        if (less(goal, reached)) {
          id = i;
          break;
        }
      }
    }
  }
  return select(id, NO_TOKEN, broken[0] != 0u);
}

// The key up to which weights, most likely first, must be summed to reach the share: digit by digit, the sums of
// all weights with the digits found so far gathered by their next one. No sorting.
fn nucleus_end(lane: u32, top: f32, top_p: u32) -> u32 {
  if (lane == 0u) {
    end_key = 0u;
    before = vec2<u32>(0u);
  }
  for (var shift = 14i; shift >= 0i; shift -= 7i) {
    if (lane < BINS) {
      atomicStore(&bins_low[lane], 0u);
      atomicStore(&bins_high[lane], 0u);
    }
    workgroupBarrier();
    let found = end_key;
    for (var i = lane; i < p.vocab; i += WG) {
      let key = key_of(i, top);
      if ((key >> u32(shift + 7i)) != found) { continue; }
      let bin = (key >> u32(shift)) & (BINS - 1u);
      let weight = weight_of(key);
      let old = atomicAdd(&bins_low[bin], weight);
      if (old > 0xffffffffu - weight) { atomicAdd(&bins_high[bin], 1u); }
    }
    workgroupBarrier();
    if (lane == 0u) {
      if (shift == 14i) {
        var total = vec2<u32>(0u);
        for (var bin = 0u; bin < BINS; bin++) {
          total = add(total, vec2<u32>(atomicLoad(&bins_low[bin]), atomicLoad(&bins_high[bin])));
        }
        wanted = share(total, top_p);
      }
      var bin = 0u;
      while (bin < BINS - 1u) {
        let next = add(before, vec2<u32>(atomicLoad(&bins_low[bin]), atomicLoad(&bins_high[bin])));
        if (!less(next, wanted)) { break; }
        before = next;
        bin++;
      }
      end_key = found * BINS + bin;
    }
    workgroupBarrier();
  }
  return end_key;
}
