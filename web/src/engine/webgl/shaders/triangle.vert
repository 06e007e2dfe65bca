#version 300 es
// One triangle that covers the canvas, from the vertex number alone: no buffer, so nothing to restore.
void main() {
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}
