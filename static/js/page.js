// What any page needs beyond plain forms: focus on the first wrong field after an answer, and no double sending.
document.addEventListener("htmx:after:swap", () => {
  document.querySelector('[aria-invalid="true"]')?.focus();
});
document.querySelector('[aria-invalid="true"]')?.focus();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.confirm && !window.confirm(form.dataset.confirm)) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return; // asking twice does no harm: Excel, then Word of the same list
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});
