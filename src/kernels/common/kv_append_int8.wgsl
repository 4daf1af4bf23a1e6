// Writes the keys and the values of a KV head, which lie in `new_head` [2, head_dim], as position t, and leaves there
// what will be read back. The whole workgroup calls it, after a barrier, and needs one afterwards.
// numerics: the largest |x| as f16, code = round(127 x / largest); a head of zeros has zeros
var<workgroup> peaks: array<vec2<f32>, WG>;
var<workgroup> packed_peaks: u32;

fn append_head(t: u32, head: u32, thread: u32) {
  var peak = vec2<f32>(0.0);
  for (var d = thread; d < p.head_dim; d += WG) {
    peak = max(peak, abs(vec2<f32>(new_head[d], new_head[p.head_dim + d])));
  }
  peaks[thread] = peak;
  workgroupBarrier();
  for (var half = WG / 2u; half > 0u; half /= 2u) {
    if (thread < half) { peaks[thread] = max(peaks[thread], peaks[thread + half]); }
    workgroupBarrier();
  }
  // The codes are of the rounded peaks, since those are what is read back. Through memory, since some compilers take
  // what was packed and unpacked for what it was before, digits and all.
  if (thread == 0u) { packed_peaks = pack2x16float(min(peaks[0], vec2<f32>(65504.0))); }
  workgroupBarrier();
  let packed = packed_peaks;
  let rounded = unpack2x16float(packed);
  let quads = p.head_dim / 4u;
  let row = kv_row(t) * p.kv_heads * (p.head_dim / 2u + 1u);
  for (var i = thread; i < 2u * quads; i += WG) {
    let top = select(rounded.x, rounded.y, i >= quads);
    var codes = vec4<f32>(0.0);
    if (top > 0.0) {
      let values = vec4<f32>(new_head[4u * i], new_head[4u * i + 1u], new_head[4u * i + 2u], new_head[4u * i + 3u]);
      codes = clamp(round(values * (127.0 / top)), vec4<f32>(-127.0), vec4<f32>(127.0));
    }
    let read = codes * (top / 127.0);
    for (var j = 0u; j < 4u; j++) { new_head[4u * i + j] = read[j]; }
    let slot = head + (i / quads) * p.kv_heads;
    kv[row + slot * quads + i % quads] = pack4xI8(vec4<i32>(codes));
  }
  if (thread == 0u) { kv[row + 2u * p.kv_heads * quads + head] = packed; }
}
