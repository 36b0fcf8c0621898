// Search as you type: htmx fetches the page, this says what came and deals with what should not be shown.
const announcer = document.getElementById("announcer");
const notices = document.getElementById("notices");

function announce() {
  const summary = document.getElementById("result-summary");
  if (summary) announcer.textContent = summary.textContent.replace(/\s+/g, " ").trim();
}

const trouble = document.createElement("p");
trouble.textContent = "The search did not answer. Press Enter to try again.";

// Logged out in the meantime: the answer is the login page, which belongs in the window and not in the list.
function beforeSwap(event) {
  const came = new URL(event.detail.xhr.responseURL || window.location.href);
  const asked = new URL(event.detail.pathInfo.requestPath, window.location.href);
  if (came.pathname === asked.pathname) return;
  event.detail.shouldSwap = false;
  window.location.assign(came.href);
}

function failed() {
  notices.append(trouble);
}

document.addEventListener("htmx:beforeSwap", beforeSwap);
document.addEventListener("htmx:afterSettle", () => {
  trouble.remove();
  announce();
});
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
