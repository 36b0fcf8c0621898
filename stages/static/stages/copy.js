// A button beside each command copies it. Without this script, or where a browser does not permit it, there is none.
const announcer = document.getElementById("announcer");

function showButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not permitted";
  }
  announcer.textContent = button.textContent;
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
  if (button) copy(button);
});
document.addEventListener("htmx:afterSettle", showButtons);
showButtons();
