// The upload of a model with a progress bar. Without this script the form works as any other.

interface Parts {
  readonly form: HTMLFormElement;
  readonly button: HTMLButtonElement;
  readonly bar: HTMLElement;
  readonly text: HTMLElement;
}

const MEGABYTE = 1_000_000;

export function wireUpload(form: HTMLFormElement): void {
  const button = form.querySelector<HTMLButtonElement>("#send");
  const bar = form.querySelector<HTMLElement>("#sending");
  const text = form.querySelector<HTMLElement>("#sending-text");
  if (!button || !bar || !text) return;
  const parts: Parts = { form, button, bar, text };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    const refusal = refusalOf(chosenBytes(form), Number(form.dataset.mostMb));
    if (refusal) say(parts, refusal);
    else send(parts);
  });
}

export function refusalOf(sizes: readonly number[], mostMegabytes: number): string {
  if (sizes.length === 0) return "Choose the model's files, its folder, or a zip of it first.";
  const megabytes = sizes.reduce((sum, size) => sum + size, 0) / MEGABYTE;
  if (megabytes <= mostMegabytes) return "";
  return `These files have ${megabytes.toFixed(0)} MB; this server takes ${mostMegabytes} MB.`;
}

function chosenBytes(form: HTMLFormElement): number[] {
  const inputs = [...form.querySelectorAll<HTMLInputElement>("input[type=file]")];
  return inputs.flatMap((input) => [...(input.files ?? [])].map((file) => file.size));
}

function send(parts: Parts): void {
  const request = new XMLHttpRequest();
  request.open("POST", parts.form.action);
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) show(parts, event.loaded / event.total);
  });
  request.addEventListener("load", () => {
    if (request.status < 400) window.location.assign(request.responseURL);
    else stop(parts, troubleIn(request.responseText) || `The server said ${request.status}. Try it again.`);
  });
  request.addEventListener("error", () => {
    stop(parts, "The upload was cut off. Check the connection and send it again.");
  });
  parts.button.setAttribute("aria-disabled", "true");
  parts.bar.hidden = false;
  show(parts, 0);
  request.send(new FormData(parts.form));
}

function show(parts: Parts, share: number): void {
  const percent = Math.round(share * 100);
  const words =
    percent < 100
      ? `Uploading: ${percent} %`
      : "Uploaded. The model is read and tried now; this can take a minute.";
  parts.bar.querySelector(".progress")?.setAttribute("aria-valuenow", String(percent));
  parts.bar.style.setProperty("--value", String(share));
  say(parts, words);
}

function stop(parts: Parts, why: string): void {
  parts.bar.hidden = true;
  parts.button.removeAttribute("aria-disabled");
  say(parts, why);
}

function say(parts: Parts, words: string): void {
  if (parts.text.textContent !== words) parts.text.textContent = words;
}

/** The sentence of the page that the server answered with. */
function troubleIn(page: string): string {
  const answer = new DOMParser().parseFromString(page, "text/html");
  const sentence = answer.querySelector("#trouble") ?? answer.querySelector("main p");
  return sentence?.textContent.trim() ?? "";
}
