// Every chart of the dashboard by its name: `<section data-chart="NAME" data-src="...json">`.
import { answers } from "./answersChart";
import { boxes } from "./boxChart";
import { advice } from "./adviceChart";
import type { Chart } from "./chart";
import { ecdf } from "./ecdfChart";
import { hardware } from "./hardwareChart";
import { pairs } from "./pairChart";
import { power } from "./powerChart";
import { ratios } from "./ratioChart";

export const CHARTS: Readonly<Record<string, Chart>> = {
  advice,
  answers,
  boxes,
  ecdf,
  hardware,
  pairs,
  power,
  ratios,
};
