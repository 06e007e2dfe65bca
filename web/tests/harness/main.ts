// Puts the parts that are measured by into a page, so that the browser tests can drive them. Not part of the product.
import * as bundle from "../../src/engine/bundle";
import * as golden from "../../src/engine/golden";
import { runners } from "../../src/runners";

const parts = { bundle, golden, runners };

declare global {
  interface Window {
    kit: typeof parts;
  }
}

window.kit = parts;
