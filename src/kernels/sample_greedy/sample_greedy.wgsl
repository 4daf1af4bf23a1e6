// tokens[0] = the id of the highest logit, the lowest among equals; state[0] += 1: the next step may run unseen
// logits: f32 bits [vocab]. A logit that is not finite makes the id 0xffffffff, which is no token.
// dispatch: one workgroup.   twin: reference/sample_greedy.ts   numerics: exact
override WG: u32 = 256u;                                     // power of two
const LOWEST = -0x1.fffffep+127;                            // the least finite f32
const NO_TOKEN = 0xffffffffu;
struct Params { vocab: u32, pad0: u32, pad1: u32, pad2: u32 }
@group(0) @binding(0) var<storage, read>       logits: array<u32>;
@group(0) @binding(1) var<storage, read_write> tokens: array<u32>;
@group(0) @binding(2) var<storage, read_write> state: array<u32>;
@group(1) @binding(0) var<uniform>             p: Params;

var<workgroup> best_logit: array<f32, WG>;
var<workgroup> best_id: array<u32, WG>;
var<workgroup> broken: array<u32, WG>;

@compute @workgroup_size(WG)
fn main(@builtin(local_invocation_index) lane: u32) {
  var top = LOWEST;
  var id = NO_TOKEN;
  var strange = 0u;
  for (var i = lane; i < p.vocab; i += WG) {
    let bits = logits[i];
    // Looked at as bits: a compiler may assume that floats are finite.
    if ((bits & 0x7f800000u) == 0x7f800000u) { strange = 1u; continue; }
    let logit = bitcast<f32>(bits);
    if (logit > top || id == NO_TOKEN) {
      top = logit;
      id = i;
    }
  }
  best_logit[lane] = top;
  best_id[lane] = id;
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
  if (lane == 0u) {
    tokens[0] = select(best_id[0], NO_TOKEN, broken[0] != 0u);
    state[0] += 1u;
  }
}
