// Between the device and the server: a first try while somebody waits, the outbox in batches, roster and status.
// An entry leaves the outbox only by its own answer; what the server cannot take is passed by and shown.
import { bestNow } from "./clock.js";
import { call, Faulty, Lost, Unpaired } from "./calls.js";
import { toldOf } from "./handing.js";
import { addresses, changed, onTabs, pending, state, store, tellTabs, write } from "./state.js";

const TRY_MS = 1500;
const BATCH_MS = 15000;
const ROSTER_MS = 8000;
const BATCH = 100;
const BEAT_MS = 20000;
const BEAT_LOST_MS = 4000;
const FAULTS_IN_A_ROW = 8; // then it is the server, not one of the scans
const DAY_MS = 24 * 3600 * 1000;

function line(isUp) {
  const wasUp = state.isUp;
  state.isUp = isUp;
  if (isUp) state.reached_at = Date.now();
  if (wasUp !== isUp) changed();
}

// Lost and Unpaired change how things stand; both are thrown on.
async function ask(address, options) {
  try {
    const answer = await call(address, options);
    line(true);
    if (state.isEnded) {
      state.isEnded = false;
      changed();
    }
    return answer;
  } catch (error) {
    if (error instanceof Unpaired) await end();
    line(!(error instanceof Lost));
    throw error;
  }
}

// The pairing was ended: names leave the device, what is queued stays.
async function end() {
  state.isEnded = true;
  state.roster = null;
  await store.forget("roster").catch(() => {});
  tellTabs("roster");
  changed();
}

const now = () => new Date().toISOString();

// [answer] of a call that tells the entries: scans together, a walk-in alone.
async function tell(entries, isOffline, wait) {
  if (entries[0].kind === "walk-in") {
    const answer = await ask(addresses.walkIns, { body: toldOf(entries[0], isOffline), wait });
    count(answer.counts);
    return [{ ...answer, id: entries[0].id }];
  }
  const answer = await ask(addresses.scans, { body: { now: now(), scans: entries.map((entry) => toldOf(entry, isOffline)) }, wait });
  if (!Array.isArray(answer.results)) throw new Lost();
  count(answer.counts);
  return answer.results;
}

function count(counts) {
  if (counts) state.counts = counts;
}

const NEVER_STORED = new Set(["malformed", "conflict"]);

// What the server says of an entry; its word stands above what the device decided.
function answered(entry, result) {
  const isKept = !NEVER_STORED.has(result.verdict);
  return {
    ...entry,
    state: isKept ? "known" : "refused",
    known_at: Date.now(),
    verdict: result.verdict,
    delegate_id: result.delegate?.id ?? entry.delegate_id ?? null,
    first: result.first ? { at: Date.parse(result.first.at), desk: result.first.desk } : null,
    message: result.message,
    fault: "",
  };
}

// The first try, while somebody stands at the desk: the entries as the server answered them, or null where it did not.
export async function tryFirst(entries) {
  if (!state.isUp) return null;
  try {
    const results = await tell(entries, false, TRY_MS);
    const byId = new Map(results.map((result) => [result.id, result]));
    if (!entries.every((entry) => byId.has(entry.id))) return null;
    return entries.map((entry) => ({ entry: answered(entry, byId.get(entry.id)), person: byId.get(entry.id).delegate ?? null }));
  } catch (error) {
    if (error instanceof Unpaired) throw error;
    if (error instanceof Faulty && entries[0].kind === "walk-in" && error.status === 422) throw error;
    return null;
  }
}

// --- the outbox

async function settle(batch, results) {
  const byId = new Map(results.map((result) => [result.id, result]));
  const ids = new Set(batch.map((entry) => entry.id).filter((id) => byId.has(id)));
  await write((entries) => entries.filter((entry) => ids.has(entry.id)).map((entry) => answered(entry, byId.get(entry.id))));
  return ids;
}

class Round {
  passed = new Set();
  faultsInARow = 0;

  // False where the server is gone, so that the round ends.
  async send(batch) {
    try {
      const done = await settle(batch, await tell(batch, true, BATCH_MS));
      this.faultsInARow = 0;
      for (const entry of batch) if (!done.has(entry.id)) this.passed.add(entry.id);
      return true;
    } catch (error) {
      if (!(error instanceof Faulty)) return false;
      if (batch.length > 1) {
        const middle = Math.ceil(batch.length / 2);
        return (await this.send(batch.slice(0, middle))) && this.send(batch.slice(middle));
      }
      this.passed.add(batch[0].id);
      const isFinal = batch[0].kind === "walk-in" && [400, 422].includes(error.status);
      const fault = error.message || String(error.status);
      if (isFinal || batch[0].fault !== fault) {
        await write((entries) => entries.filter((entry) => entry.id === batch[0].id).map((entry) => ({ ...entry, state: isFinal ? "refused" : "pending", fault })));
      }
      return ++this.faultsInARow < FAULTS_IN_A_ROW;
    }
  }

  next() {
    const left = pending().filter((entry) => !this.passed.has(entry.id));
    // What failed before goes last and alone, so that it never holds up the others.
    const sound = left.filter((entry) => !entry.fault);
    const waiting = sound.length ? sound : left.slice(0, 1);
    const isAlone = (entry) => entry.kind === "walk-in";
    if (waiting.length && isAlone(waiting[0])) return waiting.slice(0, 1);
    const end = waiting.findIndex(isAlone);
    return waiting.slice(0, end < 0 ? BATCH : Math.min(end, BATCH));
  }

  async run() {
    state.entries = await store.entries();
    for (let batch = this.next(); batch.length; batch = this.next()) if (!(await this.send(batch))) return;
  }
}

const lock = `${store.name}-upload`;
const alone = (work) => (navigator.locks ? navigator.locks.request(lock, { ifAvailable: true }, (held) => held && work()) : work());

let running = null;
let isAskedAgain = false;

// One round at a time, in one tab; what comes meanwhile makes another.
export function upload() {
  if (running) isAskedAgain = true;
  else {
    running = alone(() => new Round().run())
      .catch((error) => console.warn("outbox", error))
      .finally(() => {
        running = null;
        changed();
        if (isAskedAgain && state.isUp) upload();
        isAskedAgain = false;
      });
  }
  return running;
}

// --- the roster, and what the device tells of itself

const endOf = (roster) => Math.max(...roster.sittings.map((one) => Date.parse(one.ends_at ?? one.starts_at)), -Infinity);

// Names leave the device a day after the last sitting, or after it was made a desk if that was later.
const isOver = (roster) => {
  const end = endOf(roster);
  return bestNow() > Math.max(Number.isFinite(end) ? end : roster.asked_at, roster.first_at) + DAY_MS;
};

export async function loadKept() {
  const [entries, roster] = await Promise.all([store.entries(), store.kept("roster")]);
  state.entries = entries;
  if (roster && isOver(roster)) await store.forget("roster");
  else if (roster) take(roster);
}

function take(roster) {
  state.roster = roster;
  state.counts = roster.counts;
  state.rehearsal = roster.rehearsal;
}

export async function refreshRoster() {
  const askedAt = Date.now();
  const headers = state.roster ? { "If-None-Match": `"${state.roster.revision}"` } : {};
  const fresh = await ask(addresses.roster, { wait: ROSTER_MS, headers });
  if (fresh && !Array.isArray(fresh.delegates)) throw new Lost();
  const old = state.roster;
  if (!fresh && !old) return;
  const isSameDesk = old?.desk_id === (fresh ?? old).desk_id;
  const roster = { ...(fresh ?? old), asked_at: askedAt, first_at: (isSameDesk && old?.first_at) || bestNow() };
  take(roster);
  if (isOver(roster)) await store.forget("roster");
  else await store.keep("roster", roster).catch(() => (state.isStorageFull = true));
  if (fresh) tellTabs("roster");
  changed();
}

async function tellStatus(device) {
  const last = state.entries.filter((entry) => entry.state === "known" && !entry.rehearsal && !entry.isByHand).at(-1);
  const body = { now: now(), queue: pending().length, roster: state.roster?.revision ?? "", version: addresses.version, ...device, acknowledged: last?.id ?? null };
  const answer = await ask(addresses.status, { body, wait: ROSTER_MS });
  state.rehearsal = answer.rehearsal;
  if (answer.acknowledged_known === false) {
    // The server was restored from a backup: it is told again what it acknowledged in the last day.
    await write((entries) => entries.filter((entry) => entry.state === "known" && !entry.rehearsal && !entry.isByHand).map((entry) => ({ ...entry, state: "pending" })));
    upload();
  }
}

let device = () => ({});
let timer = null;

let beating = null;
let isBeatAsked = false;

// One at a time; what asks for one meanwhile (the network is back) gets another, as this one may be past its upload.
function beat() {
  if (beating) isBeatAsked = true;
  return (beating ??= once().finally(() => {
    beating = null;
    if (!isBeatAsked) return;
    isBeatAsked = false;
    beat();
  }));
}

async function once() {
  clearTimeout(timer);
  try {
    await refreshRoster();
    if (pending().length) await upload();
    await tellStatus(await device());
    state.entries = await store.prune(Date.now());
  } catch (error) {
    if (!(error instanceof Lost || error instanceof Unpaired || error instanceof Faulty)) console.warn("beat", error);
  }
  changed();
  clearTimeout(timer);
  timer = setTimeout(beat, state.isUp ? BEAT_MS : BEAT_LOST_MS);
}

// `describe()` gives what the device tells of itself: storage, camera, battery.
export function start(describe) {
  device = describe;
  onTabs(async (what) => {
    if (what === "log") state.entries = await store.entries();
    else {
      const roster = await store.kept("roster");
      if (roster) take(roster);
      else if (what === "roster" && !state.isEnded) beat();
    }
    changed();
    if (state.isUp && pending().some((entry) => !entry.fault)) upload();
  });
  addEventListener("online", beat);
  addEventListener("offline", () => line(false));
  document.addEventListener("visibilitychange", () => document.hidden || beat());
  return beat();
}
