// sample.wgsl by a single thread, for software adapters, which compile a kernel without barriers in a fraction of the
// time: the same ids, whole numbers summed in another order.
// dispatch: one workgroup of one thread.   twin: sampling/sampler.ts   numerics: as sample   (common: sample_head)
var<private> bins: array<vec2<u32>, BINS>;

@compute @workgroup_size(1)
fn main() {
  for (var row = 0u; row < p.rows; row++) {
    first = row * p.vocab;
    let id = draw(state[1] + row);
    if (id != NO_TOKEN) { seen[id >> 5u] |= 1u << (id & 31u); }
    if (id != NO_TOKEN && row + 1u < p.rows) {
      if (tokens[row + 1u] == id) { continue; }
    }
    tokens[0] = id;
    tokens[1] = row + 1u;
    state[0] += row + 1u;
    state[1] += row + 1u;
    break;
  }
}

fn draw(number: u32) -> u32 {
  var highest = LOWEST;
  var id = NO_TOKEN;
  for (var i = 0u; i < p.vocab; i++) {
    // Looked at as bits: a compiler may assume that floats are finite.
    if ((logits[first + i] & 0x7f800000u) == 0x7f800000u) { return NO_TOKEN; }
    if (!allowed(i)) { continue; }
    let logit = penalised(i);
    if (logit > highest || id == NO_TOKEN) {
      highest = logit;
      id = i;
    }
  }
  if (settings[0] != 0u) { return id; }
  return drawn(id, highest * 0.5, number);
}

// By likelihood: the keys' end digit by digit, as in sample.wgsl; then the ids up to it are walked through.
fn drawn(best: u32, top: f32, number: u32) -> u32 {
  var last = LAST_KEY;
  if (settings[4] != 0u) { last = nucleus_end(top, settings[4]); }
  var total = vec2<u32>(0u);
  for (var i = 0u; i < p.vocab; i++) {
    let key = key_of(i, top);
    if (key <= last) { total = add(total, vec2<u32>(weight_of(key), 0u)); }
  }
  let goal = share(total, mix(mix(number * 0x9e3779b9u + settings[5]) ^ settings[6]));
  var reached = vec2<u32>(0u);
  for (var i = 0u; i < p.vocab; i++) {
    let key = key_of(i, top);
    if (key > last) { continue; }
    reached = add(reached, vec2<u32>(weight_of(key), 0u));
    if (less(goal, reached)) { return i; }
  }
  return best;
}

fn nucleus_end(top: f32, top_p: u32) -> u32 {
  var end_key = 0u;
  var before = vec2<u32>(0u);
  var wanted = vec2<u32>(0u);
  for (var shift = 14i; shift >= 0i; shift -= 7i) {
    for (var bin = 0u; bin < BINS; bin++) { bins[bin] = vec2<u32>(0u); }
    var total = vec2<u32>(0u);
    for (var i = 0u; i < p.vocab; i++) {
      let key = key_of(i, top);
      if ((key >> u32(shift + 7i)) != end_key) { continue; }
      let bin = (key >> u32(shift)) & (BINS - 1u);
      let weight = vec2<u32>(weight_of(key), 0u);
      bins[bin] = add(bins[bin], weight);
      total = add(total, weight);
    }
    if (shift == 14i) { wanted = share(total, top_p); }
    var bin = 0u;
    while (bin < BINS - 1u) {
      let next = add(before, bins[bin]);
      if (!less(next, wanted)) { break; }
      before = next;
      bin++;
    }
    end_key = end_key * BINS + bin;
  }
  return end_key;
}
