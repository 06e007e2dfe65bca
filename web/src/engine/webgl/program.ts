// Compiling shader programs: all are handed to the driver first and asked for later, so that it can work on several.
import { EngineError } from "../device";
import { nextTask, restingTask } from "../poll";
import { inWords, readComplaints } from "./complaints";

/** A program that the driver may still be working on. */
export interface Building {
  readonly program: WebGLProgram;
  readonly shaders: readonly WebGLShader[];
  /** What the fragment shader is for, for errors. */
  readonly what: string;
}

const gone = (): EngineError => new EngineError("lost", "The graphics context was lost.");

function compile(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  if (shader === null) throw gone();
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}

/** Begins to compile and link two sources; nothing waits. */
export function beginProgram(
  gl: WebGL2RenderingContext,
  vertex: string,
  fragment: string,
  what: string,
): Building {
  const program = gl.createProgram();
  if (program === null) throw gone();
  const shaders = [compile(gl, gl.VERTEX_SHADER, vertex), compile(gl, gl.FRAGMENT_SHADER, fragment)];
  for (const shader of shaders) gl.attachShader(program, shader);
  gl.linkProgram(program);
  return { program, shaders, what };
}

/** The program when the driver has it; waits here if it has not. Throws `EngineError` "compile" with the driver's log. */
export function finishProgram(gl: WebGL2RenderingContext, building: Building): WebGLProgram {
  const { program, shaders, what } = building;
  const linked: unknown = gl.getProgramParameter(program, gl.LINK_STATUS);
  const logs = [...shaders.map((shader) => gl.getShaderInfoLog(shader)), gl.getProgramInfoLog(program)];
  for (const shader of shaders) gl.deleteShader(shader);
  if (linked === true) return program;
  gl.deleteProgram(program);
  if (gl.isContextLost()) throw gone();
  const complaints = readComplaints(logs.filter(Boolean).join("\n"));
  const first = complaints[0] ? inWords(complaints[0]) : "the driver says no more";
  throw new EngineError(
    "compile",
    `The shader for ${what} did not compile here: ${first}`.slice(0, 400),
    complaints,
  );
}

/** Resolves when the driver is done with all of them, where it tells; else at once. */
export async function programsReady(gl: WebGL2RenderingContext, all: readonly Building[]): Promise<void> {
  const parallel = gl.getExtension("KHR_parallel_shader_compile");
  if (parallel === null) return;
  const done = ({ program }: Building): boolean =>
    gl.getProgramParameter(program, parallel.COMPLETION_STATUS_KHR) === true;
  for (let asked = 0; !gl.isContextLost() && !all.every(done); asked++)
    await (asked < 20 ? nextTask() : restingTask());
}

/** One program, now. */
export function makeProgram(
  gl: WebGL2RenderingContext,
  vertex: string,
  fragment: string,
  what = "the display",
): WebGLProgram {
  return finishProgram(gl, beginProgram(gl, vertex, fragment, what));
}
