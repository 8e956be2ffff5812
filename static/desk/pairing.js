// A phone that scanned the pairing QR brings the code behind #: put it into the form, and out of the address. What this
// device still holds of before is named: it is sent once the device is a desk again.
import { saveFile } from "./handing.js";
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
const queued = entries.filter((entry) => entry.state === "pending");
if (queued.length) {
  told.querySelector("span").textContent = told.dataset.told.replace("{count}", queued.length);
  told.hidden = false;
  told.querySelector("button").addEventListener("click", () => saveFile(queued, told.dataset.slug, (entry) => entry.told.name ?? ""));
}
document.documentElement.dataset.pairing = "ready";
