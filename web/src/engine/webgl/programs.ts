// All programs of a session: compiled together, one for each text, with their samplers on fixed units.
import type { Pass } from "./passes";
import { VERTEX } from "./display";
import { beginProgram, finishProgram, programsReady } from "./program";
import type { Building } from "./program";
import type { Resources } from "./resources";

/** A fragment shader and the samplers that it reads, in the order of their units. */
export interface Shader {
  readonly what: string;
  readonly fragment: string;
  readonly samplers: readonly string[];
}

export const shaderOf = ({ step, fragment, reads }: Pass): Shader => ({
  what: step,
  fragment,
  samplers: reads.map(({ sampler }) => sampler),
});

function abandon(gl: WebGL2RenderingContext, begun: Iterable<Building>): void {
  for (const { program, shaders } of begun) {
    for (const shader of shaders) gl.deleteShader(shader);
    gl.deleteProgram(program);
  }
}

/** Programs by the text of their fragment shader. Leaves nothing behind where one of them does not compile. */
export async function buildPrograms(
  gl: WebGL2RenderingContext,
  resources: Resources,
  shaders: readonly Shader[],
): Promise<Map<string, WebGLProgram>> {
  const begun = new Map<string, Building>();
  const made = new Map<string, WebGLProgram>();
  try {
    for (const { fragment, what } of shaders)
      if (!begun.has(fragment)) begun.set(fragment, beginProgram(gl, VERTEX, fragment, what));
    await programsReady(gl, [...begun.values()]);
    for (const [fragment, building] of begun) {
      begun.delete(fragment);
      made.set(fragment, resources.program(finishProgram(gl, building)));
    }
  } catch (error) {
    abandon(gl, begun.values());
    throw error;
  }
  for (const { fragment, samplers } of shaders) {
    const program = made.get(fragment) ?? null;
    gl.useProgram(program);
    if (program === null) continue;
    samplers.forEach((name, unit) => gl.uniform1i(gl.getUniformLocation(program, name), unit));
  }
  return made;
}
