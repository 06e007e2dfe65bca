// Entry of the dashboard: styles, and charts where the page has a place for one.
import "../ui/base.css";
import "./dashboard.css";
import "./records.css";

import { showBusy } from "./busy";
import { fillCharts } from "./island";
import { wireUpload } from "./upload";

fillCharts(document);

const upload = document.querySelector<HTMLFormElement>("#upload");
if (upload) wireUpload(upload);
showBusy(document);
