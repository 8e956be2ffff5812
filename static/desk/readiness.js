// Whether this device is ready, in words and colours, and the same in short for the board of the desks.
import { skew } from "./clock.js";
import { isSounding } from "./sound.js";
import { byHand, onChange, pending, state } from "./state.js";
import { clock, say } from "./verdict.js";

const SKEW_MS = 2 * 60 * 1000;
const OLD_MS = 2 * 60 * 1000;
const BATTERY_LOW = 20;
const DRAW_MS = 5000;

const box = document.getElementById("readiness");
const facts = { storage: "", battery: null, isWorker: false };

const minutes = (ms) => Math.round(Math.abs(ms) / 60000);

function rows(cameraState) {
  const queue = pending().length;
  const off = skew();
  const asked = state.roster?.asked_at;
  const age = asked ? Date.now() - asked : null;
  return {
    storage: state.isStorageFull ? ["danger", say("storageFull")] : facts.storage === "persisted" ? ["success", say("storagePersisted")] : ["warning", say("storageBestEffort")],
    offline: facts.isWorker ? ["success", say("offlineReady")] : ["warning", say(window.isSecureContext ? "offlineNotYet" : "offlineNever")],
    camera: [cameraState === "on" ? "success" : "warning", say({ on: "cameraOn", off: "cameraOff" }[cameraState] ?? "cameraNone")],
    sound: isSounding() ? ["success", say("soundOn")] : ["warning", say("soundOff")],
    roster: !asked ? ["danger", say("noRoster")] : !state.roster.delegates.length ? ["danger", say("emptyRoster")] : [age > OLD_MS ? "warning" : "success", say("rosterAt", { time: clock(asked), count: state.roster.delegates.length })],
    queue: byHand().length ? ["danger", say("queueStuck", { count: byHand().length })] : queue ? ["warning", say("queueOf", { count: queue })] : ["success", say("queueEmpty")],
    clock: off === null ? ["warning", say("clockUnknown")] : Math.abs(off) > SKEW_MS ? ["warning", say(off > 0 ? "clockFast" : "clockSlow", { count: minutes(off) })] : ["success", say("clockRight")],
    battery: facts.battery === null ? ["muted", say("batteryUnknown")] : [facts.battery < BATTERY_LOW ? "warning" : "success", `${facts.battery} %`],
  };
}

async function look() {
  try {
    facts.storage = (await navigator.storage?.persisted?.()) ? "persisted" : "best-effort";
  } catch {
    facts.storage = "unknown";
  }
  try {
    const battery = await navigator.getBattery?.();
    facts.battery = battery ? Math.round(battery.level * 100) : null;
  } catch {
    facts.battery = null;
  }
  const registration = await navigator.serviceWorker?.getRegistration?.().catch(() => null);
  facts.isWorker = Boolean(registration?.active);
}

export function startReadiness(cameraState) {
  box.hidden = false;
  const draw = () => {
    let worst = "success";
    for (const [name, [tone, text]] of Object.entries(rows(cameraState()))) {
      const row = box.querySelector(`[data-fact="${name}"]`);
      row.dataset.tone = tone;
      row.querySelector("dd").textContent = text;
      if (tone === "danger" || (tone === "warning" && worst === "success" && ["storage", "roster", "queue"].includes(name) && text !== say("storageBestEffort"))) worst = tone;
    }
    box.dataset.tone = worst;
    box.querySelector("summary b").textContent = say({ success: "readyYes", warning: "readyAlmost", danger: "readyNo" }[worst]);
  };
  const tick = () => look().then(draw);
  onChange(draw);
  addEventListener("desk-sound", draw);
  setInterval(tick, DRAW_MS);
  navigator.storage?.persist?.().then(tick, tick);
  tick();
}

export async function describe(cameraState) {
  await look();
  return { storage: state.isStorageFull ? "full" : facts.storage, camera: cameraState(), battery: facts.battery };
}
