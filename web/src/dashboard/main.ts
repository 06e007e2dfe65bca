// Entry of the dashboard: styles, and charts where the page has a place for one.
import "../ui/base.css";
import "./dashboard.css";

import { showBusy } from "./busy";
import { fillHardware } from "./hardwareIsland";
import { wireUpload } from "./upload";

for (const section of document.querySelectorAll<HTMLElement>('[data-chart="hardware"]')) {
  void fillHardware(section);
}

const upload = document.querySelector<HTMLFormElement>("#upload");
if (upload) wireUpload(upload);
showBusy(document);
