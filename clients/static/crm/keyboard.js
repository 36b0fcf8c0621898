// Keys that work on every page: "/" to the search box, arrows through the client list, "?" for help.
// Everything here is also reachable without it, by Tab and Enter.
const STORED = "crm-shortcuts";
const search = document.getElementById("site-search");
const help = document.getElementById("keyboard-help");
const toggle = document.getElementById("shortcuts-on");
const opener = document.getElementById("open-help");

// Speech input can press single keys by accident, so they can be switched off (WCAG 2.1.4).
function shortcutsOn() {
  return localStorage.getItem(STORED) !== "off";
}

function isTyping(element) {
  return element.matches("input, textarea, select, [contenteditable]");
}

function openHelp() {
  if (help && !help.open) help.showModal();
}

function rowLinks() {
  return [...document.querySelectorAll("#client-list:not([hidden]) a[data-row-link]")];
}

function moveInList(event) {
  const links = rowLinks();
  const row = document.activeElement.closest("#client-list tbody tr");
  const here = row ? links.indexOf(row.querySelector("a[data-row-link]")) : -1;
  const next = event.key === "ArrowDown" ? here + 1 : here - 1;
  if (here === 0 && next < 0 && search) {
    search.focus();
  } else if (links[next]) {
    links[next].focus();
  } else {
    return;
  }
  event.preventDefault();
}

function mayMoveInList(element) {
  return (
    element === search || element === document.body || element.id === "main" || element.closest("#client-list") !== null
  );
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
  const element = document.activeElement ?? document.body;
  if (event.key === "Escape" && element === search) {
    search.blur();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (mayMoveInList(element)) moveInList(event);
  } else if (isTyping(element) || !shortcutsOn()) {
    return;
  } else if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "?") {
    event.preventDefault();
    openHelp();
  }
}

document.addEventListener("keydown", onKey);
if (opener && help) {
  opener.hidden = false;
  opener.addEventListener("click", openHelp);
  help.addEventListener("click", (event) => {
    if (event.target === help) help.close();
  });
}
if (toggle) {
  toggle.checked = shortcutsOn();
  toggle.addEventListener("change", () => localStorage.setItem(STORED, toggle.checked ? "on" : "off"));
}
