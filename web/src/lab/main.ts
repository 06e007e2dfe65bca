// Entry of the laboratory.
import "../ui/base.css";
import "./lab.css";

import { readConfig } from "./config";
import { labPage } from "./page";

const place = document.querySelector<HTMLElement>("#lab");
place?.append(labPage(readConfig(), location.search));
