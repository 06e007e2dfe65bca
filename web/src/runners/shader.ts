// Compiling a shader program, with the compiler's log in the error.

function compile(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  if (shader === null) throw new Error("The graphics context was lost.");
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}

/** Links two sources. Throws with both logs when the driver refuses them. */
export function makeProgram(gl: WebGL2RenderingContext, vertex: string, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  const shaders = [compile(gl, gl.VERTEX_SHADER, vertex), compile(gl, gl.FRAGMENT_SHADER, fragment)];
  for (const shader of shaders) gl.attachShader(program, shader);
  gl.linkProgram(program);
  const linked: unknown = gl.getProgramParameter(program, gl.LINK_STATUS);
  const logs = [...shaders.map((shader) => gl.getShaderInfoLog(shader)), gl.getProgramInfoLog(program)];
  for (const shader of shaders) gl.deleteShader(shader);
  if (linked === true) return program;
  gl.deleteProgram(program);
  throw new Error(`A display shader did not compile: ${logs.filter(Boolean).join(" ")}`.slice(0, 900));
}
