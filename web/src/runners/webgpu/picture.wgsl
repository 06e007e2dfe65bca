// One triangle over the canvas; each pixel takes its channels from the output as it lies in memory, [height, width, channels].
struct Look {
  low: f32,
  gain: f32,
  channels: u32,
  width: u32,
}
@group(0) @binding(0) var<storage, read> values: array<f32>;
@group(0) @binding(1) var<uniform> look: Look;

@vertex
fn corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  let at = vec2f(f32((index << 1u) & 2u), f32(index & 2u));
  return vec4f(at * 2.0 - 1.0, 0.0, 1.0);
}

@fragment
fn colour(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let first = (u32(at.y) * look.width + u32(at.x)) * look.channels;
  let step = select(1u, 0u, look.channels == 1u);
  let value = vec3f(values[first], values[first + step], values[first + 2u * step]);
  return vec4f((value - look.low) * look.gain, 1.0);
}
