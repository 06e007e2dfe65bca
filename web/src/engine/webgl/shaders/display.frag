#version 300 es
// texelFetch needs no filtering (float textures often have none); the picture's row 0 is the canvas' top row.
precision highp float;
uniform highp sampler2D picture;
uniform vec2 range;
uniform bool grey;
out vec4 colour;
void main() {
  ivec2 size = textureSize(picture, 0);
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec3 value = texelFetch(picture, ivec2(at.x, size.y - 1 - at.y), 0).rgb;
  if (grey) value = value.rrr;
  colour = vec4((value - range.x) / (range.y - range.x), 1.0);
}
