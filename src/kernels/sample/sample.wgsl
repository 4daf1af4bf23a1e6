// tokens[0] = the last id drawn, tokens[1] = n, how many were; state[0] += n, state[1] += n, the ids' bits set in seen:
// the next step may run unseen. Greedy, or: repetition penalty, temperature, top-p, a draw by seed and number.
// One id for each row of logits, as long as the guess that the next row was run with, tokens[row + 1], is the id drawn.
// logits: f32 bits [rows, vocab]   settings: u32 [8], sampling/sampler.ts says what, and where settings[7] is 1 a mask
// behind them, u32 [vocab/32]: only ids whose bit is set are drawn, of none the id is no token   seen: u32 [vocab/32], the answer's
// ids   state: [position, draws]. A logit that is not finite makes the id 0xffffffff, which is no token.
// dispatch: one workgroup.   twin: sampling/sampler.ts   numerics: exact: f32 products and differences of two
// numbers, then whole numbers; sums of 64 bits as (low, high)   (common: sample_head)
override WG: u32 = 256u;                                     // power of two, at least BINS

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
