// Brings a value into the range of bytes; the picture's row 0 is the canvas' top row. The part before this one says how
// `valueAt` reads a pixel, and how large the picture is.
uniform vec2 range;
uniform bool grey;
out vec4 colour;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec3 value = valueAt(ivec2(at.x, pictureSize().y - 1 - at.y)).rgb;
  if (grey) value = value.rrr;
  colour = vec4((value - range.x) / (range.y - range.x), 1.0);
  // Not a number must not look like black, which may be right.
  if (any(isnan(value))) colour = vec4(1.0, 0.0, 1.0, 1.0);
}
