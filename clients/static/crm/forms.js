// A refused form starts where it is wrong, and a form is not sent twice by an impatient double click.
const wrong = document.querySelector("form [aria-invalid='true']:not([type='hidden'])");
if (wrong) wrong.focus();

function refuseSecondSubmit(event) {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
}

// Coming back by the browser's Back button shows the same page, still marked as sent.
function forgetSent() {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
}

for (const form of document.querySelectorAll("form[method='post']"))
  form.addEventListener("submit", refuseSecondSubmit);
window.addEventListener("pageshow", forgetSent);
