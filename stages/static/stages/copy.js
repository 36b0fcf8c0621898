// A button beside each command copies it. Without this script, or where a browser does not permit it, none is shown.
const announcer = document.getElementById("announcer");

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
document.documentElement.classList.toggle("can-copy", Boolean(navigator.clipboard));
