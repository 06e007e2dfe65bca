// Every chart of the dashboard by its name: `<section data-chart="NAME" data-src="...json">`.
import type { Chart } from "./chart";
import { hardware } from "./hardwareChart";

export const CHARTS: Readonly<Record<string, Chart>> = {
  hardware,
};
