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

// By likelihood. Three times a digit of the keys' end is found, as in sample.wgsl, then what lies before it is summed,
// then walked through: one loop for all five, since compilers take their time for each.
fn drawn(best: u32, top: f32, number: u32) -> u32 {
  let luck = mix(mix(number * 0x9e3779b9u + settings[5]) ^ settings[6]);
  var end_key = 0u;
  var before = vec2<u32>(0u);
  var wanted = vec2<u32>(0u);
  var last = LAST_KEY;
  for (var walk = select(0u, 3u, settings[4] == 0u); walk < 5u; walk++) {
    let digit = walk < 3u;
    let shift = 14u - 7u * min(walk, 2u);
    if (digit) {
      for (var bin = 0u; bin < BINS; bin++) { bins[bin] = vec2<u32>(0u); }
    }
    var total = vec2<u32>(0u);
    for (var i = 0u; i < p.vocab; i++) {
      let key = key_of(i, top);
      if (select(key > last, (key >> (shift + 7u)) != end_key, digit)) { continue; }
      let weight = vec2<u32>(weight_of(key), 0u);
      total = add(total, weight);
      if (digit) {
        let bin = (key >> shift) & (BINS - 1u);
        bins[bin] = add(bins[bin], weight);
      } else if (walk == 4u && less(wanted, total)) {
        return i;
      }
    }
    if (walk == 0u || walk == 3u) { wanted = share(total, select(luck, settings[4], digit)); }
    if (!digit) { continue; }
    var bin = 0u;
    while (bin < BINS - 1u) {
      let next = add(before, bins[bin]);
      if (!less(next, wanted)) { break; }
      before = next;
      bin++;
    }
    end_key = end_key * BINS + bin;
    if (walk == 2u) { last = end_key; }
  }
  return best;
}
