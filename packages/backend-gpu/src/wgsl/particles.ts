/** Discs at points, each on two triangles: six vertices, not an instance of four, with which GPUs are slow. */
export const particles = /* wgsl */ `
struct View {
  origin: vec2<f32>,
  extent: vec2<f32>,
  // Of a particle, in clip space and in pixels.
  reach: vec2<f32>,
  radius: f32,
  unused: f32,
  color: vec4<f32>,
}
@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<storage, read> points: array<vec2<f32>>;

struct Corner {
  @builtin(position) position: vec4<f32>,
  // From the middle, in pixels.
  @location(0) offset: vec2<f32>,
}

@vertex fn corner(@builtin(vertex_index) v: u32) -> Corner {
  // Corners 0 1 2 and 2 1 3, one bit an axis.
  let c = (0xda4u >> (2u * (v % 6u))) & 3u;
  let side = vec2<f32>(f32(c & 1u), f32(c >> 1u)) * 2.0 - 1.0;
  let middle = (points[v / 6u] - view.origin) / view.extent * 2.0 - 1.0;
  // Half a pixel more for the soft edge.
  let grown = (view.radius + 0.5) / view.radius;
  return Corner(vec4<f32>(middle + side * view.reach * grown, 0.0, 1.0), side * (view.radius + 0.5));
}

@fragment fn disc(at: Corner) -> @location(0) vec4<f32> {
  let cover = clamp(view.radius + 0.5 - length(at.offset), 0.0, 1.0) * view.color.a;
  return vec4<f32>(view.color.rgb * cover, cover);
}
`
