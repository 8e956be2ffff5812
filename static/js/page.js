// What any page needs beyond plain forms: focus on the first wrong field after an answer, no double sending, copying.
const showCopying = () => document.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = false));
document.addEventListener("htmx:after:swap", () => {
  showCopying();
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

showCopying();
document.addEventListener("click", async (event) => {
  const place = event.target.closest("[data-copy]")?.closest("[data-copies]");
  if (!place) return;
  const field = place.querySelector("textarea");
  field.select();
  // Without a secure context there is no clipboard; then the old command copies what is selected.
  let isCopied = false;
  try {
    await navigator.clipboard.writeText(field.value);
    isCopied = true;
  } catch {
    isCopied = document.execCommand("copy");
  }
  const told = place.querySelector("[data-copied]");
  told.textContent = isCopied ? told.dataset.copied : "";
});
