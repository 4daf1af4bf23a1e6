// Subgroup matrices in plain WGSL, for sizes that no adapter at hand has: the threads of a subgroup share out the sums; a
// matrix that is multiplied is where it lies until then. Only where all subgroups have LANES threads, in order.
// (the kernel has TM, TN, TK, WG, `xs`, `ws`, `results`, and `p`, whose padding is 0: loops as long as lavapipe's
// compiler knows, it unrolls)
const LANES = WG / 4u;
const SHARE = TM * TN / LANES;
alias Left = u32;
alias Right = u32;
alias Sums = array<f32, SHARE>;
var<private> lane: u32;

// Left by rows of TK, right by columns of TK.
fn multiply(left: Left, right: Right, sums: ptr<function, Sums>) {
  for (var i = 0u; i < SHARE + p.pad0; i++) {
    let row = (i * LANES + lane) / TN;
    let column = (i * LANES + lane) % TN;
    for (var k = 0u; k < TK + p.pad0; k++) {
      sums[i] += f32(xs[left + row * TK + k]) * f32(ws[right + column * TK + k]);
    }
  }
}

fn store(at: u32, sums: Sums) {
  var s = sums;
  for (var i = 0u; i < SHARE + p.pad0; i++) { results[at + i * LANES + lane] = s[i]; }
}
