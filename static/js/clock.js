// The speaker's clock: counts on between two answers of the server, by the server's time, whatever the device's clock
// says. The hall's page ([data-poll]) asks by itself every two seconds; where no answer comes the clock goes on and says so.

const POLL_MS = 2000;
const SILENT_MS = 9000;
const LAST_SECONDS = 60;

const two = (number) => String(number).padStart(2, "0");

export const clockText = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole < 3600 ? minutes : `${Math.floor(whole / 3600)}:${minutes}`;
};

export const pace = (seconds, minutes) => {
  const given = minutes * 60;
  if (seconds >= given) return "over";
  return given - seconds <= Math.min(LAST_SECONDS, Math.floor(given / 2)) ? "last_minute" : "on_time";
};

// How far the server's clock is ahead of performance.now(), learnt when an answer shows a new time.
const heard = new WeakMap();
const serverNow = (element) => {
  const told = element.dataset.now;
  const known = heard.get(element);
  if (known?.told !== told) heard.set(element, { told, ahead: Date.parse(told) - performance.now() });
  return performance.now() + heard.get(element).ahead;
};

const write = (element, text) => {
  if (element && element.textContent !== text) element.textContent = text;
};

const hour = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit" });

const tick = () => {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const minutes = Number(clock.dataset.minutes);
    const seconds = Math.max(0, Math.floor((serverNow(clock) - Date.parse(clock.dataset.began)) / 1000));
    clock.dataset.pace = pace(seconds, minutes);
    write(clock.querySelector("[data-elapsed]"), clockText(seconds));
    for (const left of clock.querySelectorAll("[data-left]")) write(left, clockText(minutes * 60 - seconds));
    write(clock.querySelector("[data-over]"), clockText(seconds - minutes * 60));
  }
  for (const place of document.querySelectorAll("[data-poll] [data-hour]"))
    write(place, hour.format(serverNow(place.closest("[data-poll]"))));
};

let answeredAt = performance.now();
const poll = async () => {
  const region = document.querySelector("[data-poll]");
  try {
    const answer = await fetch(region.dataset.poll, {
      headers: { "HX-Request": "true", "HX-Request-Type": "partial" },
      cache: "no-store",
      signal: AbortSignal.timeout(5000),
    });
    if (answer.status === 410 || answer.status === 404) return location.reload();
    const fresh = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(region.id);
    if (fresh) {
      answeredAt = performance.now();
      region.replaceWith(document.adoptNode(fresh));
      tick();
    }
  } catch {
    // The network is away: the clock goes on, and asks again.
  }
  document.querySelector("[data-offline]").hidden = performance.now() - answeredAt < SILENT_MS;
  setTimeout(poll, POLL_MS);
};

if (typeof document !== "undefined") {
  tick();
  setInterval(tick, 250);
  document.addEventListener("htmx:after:swap", tick);
  if (document.querySelector("[data-poll]")) setTimeout(poll, POLL_MS);
}
