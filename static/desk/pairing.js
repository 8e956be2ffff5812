// A phone that scanned the pairing QR brings the code behind #: put it into the form, and out of the address. What this
// device still holds of before is named: it is sent once the device is a desk again.
import { Store } from "./store.js";

const code = location.hash.slice(1);
if (/^\d{8}$/.test(code)) {
  document.querySelector('[name="pairing_code"]').value = code;
  document.querySelector('[name="name"]').focus();
  history.replaceState(null, "", location.pathname);
}

const told = document.getElementById("queued");
const store = new Store(told.dataset.slug);
await store.forget("roster").catch(() => {});
const entries = await store.entries().catch(() => []);
const count = entries.filter((entry) => entry.state === "pending").length;
if (count) {
  told.textContent = told.dataset.told.replace("{count}", count);
  told.hidden = false;
}
document.documentElement.dataset.pairing = "ready";
