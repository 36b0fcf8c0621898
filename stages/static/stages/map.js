// Switches without losing the place: htmx changes the page where it stands, this shows what came of it beside the switch
// and keeps the focus. And the lines of a stop stand out while one looks at it.
const announcer = document.getElementById("announcer");
let pressed = null;

// "turn-on-orders" becomes "turn-off-orders" by being pressed.
function switchAgain() {
  if (!pressed) return null;
  const opposite = pressed.replace(/^turn-(on|off)-/, (_, to) => `turn-${to === "on" ? "off" : "on"}-`);
  return document.getElementById(pressed) ?? document.getElementById(opposite);
}

// The place nearest to the switch that is there for answers; the top of the page where there is none.
function placeFor(button) {
  const around = button?.closest("tr, .side-switch, .picture-track, .stage");
  return around?.querySelector("[data-answer]") ?? null;
}

// The answer's messages stand at the top of the page, which may be out of sight: they move to the switch.
function showMessages() {
  const place = placeFor(switchAgain());
  for (const message of document.querySelectorAll("#messages .flash")) {
    const text = message.querySelector("span").textContent;
    announcer.textContent = text;
    if (!place) continue;
    say(place, text);
    message.remove();
  }
}

function say(place, text, isTrouble = false) {
  place.textContent = text;
  place.classList.add("switch-notice");
  place.classList.toggle("is-trouble", isTrouble);
}

function trouble(text) {
  announcer.textContent = text;
  const place = placeFor(switchAgain());
  if (place) say(place, text, true);
}

function keepFocus() {
  if (document.activeElement === document.body) switchAgain()?.focus({ preventScroll: true });
}

// Logged out in the meantime: the answer is the login page, which belongs in the window. A refusal (409) is a page to show.
function beforeSwap(event) {
  const came = new URL(event.detail.xhr.responseURL || window.location.href);
  if (event.detail.xhr.status === 409) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  } else if (event.detail.shouldSwap && came.pathname !== window.location.pathname) {
    event.detail.shouldSwap = false;
    window.location.assign(came.href);
  }
}

function light(target, on) {
  const stop = target instanceof Element ? target.closest("[data-stop]") : null;
  const picture = stop?.closest(".picture");
  if (!picture) return;
  const slug = stop.dataset.stop;
  const own = picture.querySelectorAll(`.edge[data-from="${slug}"], .edge[data-to="${slug}"]`);
  for (const edge of own) edge.classList.toggle("is-shown", on);
  picture.classList.toggle("shows-one", on && own.length > 0);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  pressed = event.detail.requestConfig.triggeringEvent?.submitter?.id ?? null;
});
document.addEventListener("htmx:beforeSwap", beforeSwap);
document.addEventListener("htmx:afterSettle", () => {
  showMessages();
  keepFocus();
});
document.addEventListener("htmx:responseError", () =>
  trouble("That could not be switched. Reload the page and try again."),
);
document.addEventListener("htmx:sendError", () => trouble("The server did not answer. Nothing was switched."));
for (const [name, on] of [
  ["mouseover", true],
  ["mouseout", false],
  ["focusin", true],
  ["focusout", false],
]) {
  document.addEventListener(name, (event) => light(event.target, on));
}
