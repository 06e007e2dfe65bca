// A form whose answer takes a while says so on its button, and is not sent twice.

export function showBusy(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-busy]")) {
    button.form?.addEventListener("submit", (event) => {
      if (button.getAttribute("aria-disabled") === "true") {
        event.preventDefault();
        return;
      }
      button.setAttribute("aria-disabled", "true");
      button.textContent = button.dataset.busy ?? "";
    });
  }
  // The back button brings the page back as it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}
