// Entry of the dashboard: styles, and charts where the page has a place for one.
import "../ui/base.css";
import "./dashboard.css";

import { fillHardware } from "./hardwareIsland";

for (const section of document.querySelectorAll<HTMLElement>('[data-chart="hardware"]')) {
  void fillHardware(section);
}
