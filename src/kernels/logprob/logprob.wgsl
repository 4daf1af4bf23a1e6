// How sure the model was of the id that was just drawn: surety[number of the draw] = (ln p of the id, entropy of all), in
// nats, of the softmax of the logits as they are: no temperature, no penalty, no mask. Later draws than the buffer has room
// for are left out.
// logits: f32 [vocab]   tokens: as sample leaves them after one row   state: [position, draws], likewise
// surety: f32 [most, 2]   dispatch: one workgroup.   twin: sampling/logprob.ts   numerics: sums of f32 in a tree
override WG: u32 = 256u;                                     // power of two
struct Params { vocab: u32, most: u32, pad0: u32, pad1: u32 }
@group(0) @binding(0) var<storage, read>       logits: array<f32>;
@group(0) @binding(1) var<storage, read>       tokens: array<u32>;
@group(0) @binding(2) var<storage, read>       state: array<u32>;
@group(0) @binding(3) var<storage, read_write> surety: array<f32>;
@group(0) @binding(9) var<uniform>             p: Params;

var<workgroup> part: array<vec2<f32>, WG>;

@compute @workgroup_size(WG)
fn main(@builtin(local_invocation_index) lane: u32) {
  var highest = logits[0];
  for (var i = lane; i < p.vocab; i += WG) { highest = max(highest, logits[i]); }
  part[lane] = vec2<f32>(highest, 0.0);
  workgroupBarrier();
  for (var half = WG / 2u; half > 0u; half /= 2u) {
    if (lane < half) { part[lane].x = max(part[lane].x, part[lane + half].x); }
    workgroupBarrier();
  }
  let top = part[0].x;
  workgroupBarrier();
  // The sum of e^x, and of x e^x, for x below the highest.
  var sums = vec2<f32>(0.0);
  for (var i = lane; i < p.vocab; i += WG) {
    let x = logits[i] - top;
    sums += exp(x) * vec2<f32>(1.0, x);
  }
  part[lane] = sums;
  workgroupBarrier();
  for (var half = WG / 2u; half > 0u; half /= 2u) {
    if (lane < half) { part[lane] += part[lane + half]; }
    workgroupBarrier();
  }
  let id = tokens[0];
  let number = state[1] - 1u;
  if (lane == 0u && number < p.most && id < p.vocab) {
    let total = log(part[0].x);
    surety[2u * number] = logits[id] - top - total;
    surety[2u * number + 1u] = total - part[0].y / part[0].x;
  }
}
