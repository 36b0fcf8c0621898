// Switches without losing the place: htmx changes the page where it stands, this says what came of it and keeps the
// focus. And the lines of a stop stand out while one looks at it.
const notices = document.getElementById("notices");
let switched = null;

// The answer's messages stand at the top of the page, which may be out of sight: they are shown in the corner instead.
function showMessages() {
  const messages = document.querySelectorAll("#messages .flash");
  if (!messages.length) return;
  for (const old of notices.querySelectorAll(".switch-notice")) old.remove();
  for (const message of messages) notices.append(asNotice(message));
}

function asNotice(message) {
  const notice = document.createElement("p");
  const dismiss = document.createElement("button");
  notice.className = "switch-notice";
  dismiss.type = "button";
  dismiss.className = "link-button";
  dismiss.textContent = "Dismiss";
  dismiss.addEventListener("click", () => notice.remove());
  notice.append(message.querySelector("span"), dismiss);
  message.remove();
  return notice;
}

function trouble(text) {
  const message = document.createElement("p");
  const words = document.createElement("span");
  words.textContent = text;
  message.append(words);
  notices.append(asNotice(message));
}

// "turn-on-orders" becomes "turn-off-orders" by being pressed.
function keepFocus() {
  if (!switched || document.activeElement !== document.body) return;
  const opposite = switched.replace(/^turn-(on|off)-/, (_, to) => `turn-${to === "on" ? "off" : "on"}-`);
  (document.getElementById(switched) ?? document.getElementById(opposite))?.focus({ preventScroll: true });
}

// Logged out meanwhile: the answer is the login page, which belongs in the window. A refusal (409) is a page to show.
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
  switched = event.detail.requestConfig.triggeringEvent?.submitter?.id ?? null;
});
document.addEventListener("htmx:beforeSwap", beforeSwap);
document.addEventListener("htmx:afterSettle", () => {
  showMessages();
  keepFocus();
});
document.addEventListener("htmx:responseError", () => trouble("That could not be switched. Reload the page and try again."));
document.addEventListener("htmx:sendError", () => trouble("The server did not answer. Nothing was switched."));
for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(name, (event) => light(event.target, on));
}
