// The part of attention_split that differs by format: the newest position is in the cache already.
@group(0) @binding(1) var<storage, read>       kv: array<KvWord>;

const STAGED = false;

fn take_newest(head: u32, lane: u32) {}

fn newest_quad(values: bool, quad: u32) -> vec4<f32> {
  return vec4<f32>(0.0);
}
