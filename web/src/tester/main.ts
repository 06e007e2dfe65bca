// The tester page's entry: reads the configuration that the server put into the page, and starts.

import "../ui/base.css";
import "./tester.css";

import { h } from "../ui/dom";
import type { PageConfig } from "../wire/types";
import { startApp } from "./app";
import { reasonOf } from "./step";
import { stringsFor } from "./strings";

function readConfig(): PageConfig {
  const element = document.getElementById("kit-config");
  if (!element?.textContent) throw new Error("the page came without its configuration");
  return JSON.parse(element.textContent) as PageConfig;
}

function showFailure(mount: HTMLElement, error: unknown): void {
  const text = stringsFor(document.documentElement.lang);
  const message = text.errors.unexpected(reasonOf(error));
  mount.append(h("p", { class: "notice page", "data-tone": "bad", role: "alert" }, message));
}

const mount = document.getElementById("app");
if (mount) {
  window.addEventListener("unhandledrejection", (event) => showFailure(mount, event.reason));
  startApp(readConfig(), mount).catch((error: unknown) => showFailure(mount, error));
}
