// What a scan means, decided by the device alone: the same rules as seminar/checkin/rules.py, asked of both by
// tests/data/verdicts.json. That a code belongs to another seminar only the server can know: here it is unknown.
import { codeIn, isNumber } from "./reading.js";
import { sha256 } from "./sha256.js";

export const LET_IN = new Set(["admitted", "declined"]);
export const COUNTS = new Set([...LET_IN, "left"]);
const BY_NUMBER = new Set(["number", "paper"]);

// Times are in ms; of two at the same moment the smaller id comes first.
const compare = (one, other) => one.at - other.at || (one.id < other.id ? -1 : Number(one.id > other.id));

const repeats = (entry, of) => entry.desk === of.desk || !(entry.offline || of.offline);

// What stands of the scans of one person in one sitting, in order.
export function effective(events, annulments) {
  const ordered = [...events].sort(compare);
  const until = new Map();
  for (const { annuls, at } of annulments) until.set(annuls, Math.min(at, until.get(annuls) ?? at));
  const gone = new Set(until.keys());
  ordered.forEach((event, position) => {
    if (!until.has(event.id) || event.kind !== "entry") return;
    for (const later of ordered.slice(position + 1)) {
      if (later.at > until.get(event.id) || (later.kind === "exit" && !until.has(later.id))) break;
      if (later.kind === "entry" && repeats(later, event)) gone.add(later.id);
    }
  });
  return ordered.filter((event) => !gone.has(event.id));
}

// Since when the person is here and out, from what is effective; null where nobody came.
export function stayOf(events) {
  let stay = null;
  for (const event of events) {
    if (event.kind === "entry") stay = { first: stay?.first ?? event, left_at: null };
    else if (stay && stay.left_at === null) stay.left_at = event.at;
  }
  return stay;
}

export function decide(events, event, hasDeclined) {
  let inside = [];
  for (const one of events) {
    if (compare(one, event) >= 0) break;
    inside = one.kind === "entry" ? [...inside, one] : [];
  }
  if (event.kind === "exit") return { verdict: inside.length ? "left" : "not_in", first: null };
  const admitted = hasDeclined ? "declined" : "admitted";
  if (!inside.length) return { verdict: admitted, first: null };
  if (event.offline && inside.every((entry) => entry.desk !== event.desk)) return { verdict: admitted, first: inside[0] };
  return { verdict: "already_in", first: inside[0] };
}

export function whom(roster, scan) {
  const one = (isIt) => roster.delegates.find(isIt) ?? null;
  const known = (person) => ({ person, settled: person ? null : "unknown" });
  if (scan.delegate_id !== undefined) return known(one((person) => person.id === scan.delegate_id));
  const code = codeIn(scan.payload);
  if (code) {
    const digest = sha256(code);
    const person = one((each) => each.code_sha256 === digest);
    if (person) return { person, settled: null };
    if (!roster.revoked.includes(digest)) return { person: null, settled: "unknown" };
    return { person: one((each) => each.id === roster.revoked_of?.[digest]), settled: "revoked" };
  }
  if (BY_NUMBER.has(scan.source) && isNumber(scan.payload)) return known(one((person) => person.number === Number(scan.payload)));
  return { person: null, settled: "unknown" };
}

export const hasDeclined = (person) => person.answer === "declined" && !person.proxy;

// The sitting that is on, else the next, else the last; null where there is no programme.
export function sittingAt(sittings, now) {
  const at = sittings.map((one) => [Date.parse(one.starts_at), one.ends_at ? Date.parse(one.ends_at) : Infinity]);
  const on = at.findIndex(([starts, ends]) => starts <= now && now < ends);
  const next = at.findIndex(([starts]) => starts > now);
  return sittings[on >= 0 ? on : next]?.id ?? sittings.at(-1)?.id ?? null;
}

const ROSTER_ENTRY = "roster";

// What roster and log together say of a person: the roster as it was asked for, and what this desk did since.
export function eventsOf({ roster, entries, isRehearsal }, person, sitting) {
  const isTold = sitting === (roster.sitting?.id ?? null); // the roster says who came to one sitting only
  const isFresh = (entry) => !isTold || entry.state !== "known" || entry.known_at >= (roster.asked_at ?? 0);
  const isMine = (entry) => entry.rehearsal === isRehearsal;
  const theirs = entries.filter(
    (entry) => isMine(entry) && entry.kind !== "annul" && entry.delegate_id === person.id && entry.sitting === sitting && entry.verdict !== "revoked",
  );
  const ids = new Set(theirs.map((entry) => entry.id));
  const annulments = entries.filter((entry) => isMine(entry) && entry.kind === "annul" && ids.has(entry.told.annuls));
  // A scan taken back since the roster came: what the roster says of it is no more, the log says it all.
  const isTakenBack = annulments.some(isFresh) && (person.arrived_desk_id ?? roster.desk_id) === roster.desk_id;
  const events = theirs
    .filter((entry) => isTakenBack || isFresh(entry))
    .map((entry) => ({ id: entry.id, kind: entry.kind === "exit" ? "exit" : "entry", desk: roster.desk_id, deskName: roster.desk, offline: true, at: entry.at }));
  if (!isTakenBack && isTold && person.arrived_at) {
    const told = { desk: person.arrived_desk_id, deskName: person.arrived_desk, offline: false };
    events.push({ ...told, id: ROSTER_ENTRY, kind: "entry", at: Date.parse(person.arrived_at) });
    if (person.left_at) events.push({ ...told, id: `${ROSTER_ENTRY}-left`, kind: "exit", at: Date.parse(person.left_at) });
  }
  return effective(events, annulments.map((entry) => ({ annuls: entry.told.annuls, at: entry.at })));
}

// The verdict on an entry of the log by what this device knows: {verdict, delegate_id, sitting, first}.
export function judge({ roster, entries, isRehearsal }, entry) {
  if (entry.kind === "annul") {
    const target = entries.find((one) => one.id === entry.told.annuls);
    const isDone = entries.some((one) => one.kind === "annul" && one.told.annuls === entry.told.annuls);
    const verdict = target && COUNTS.has(target.verdict) && !isDone ? "annulled" : "nothing_to_annul";
    return { verdict, delegate_id: target?.delegate_id ?? null, sitting: target?.sitting ?? null, first: null };
  }
  if (entry.kind === "walk-in") return { verdict: "admitted", delegate_id: null, sitting: null, first: null };
  if (!roster) return { verdict: "unchecked", delegate_id: entry.told.delegate_id ?? null, sitting: null, first: null };
  const sitting = entry.told.sitting ?? sittingAt(roster.sittings, entry.at);
  const { person, settled } = whom(roster, entry.told);
  if (settled) return { verdict: settled, delegate_id: person?.id ?? null, sitting, first: null };
  // What the roster shows of other desks is known here, so such an entry is no double made unknowingly.
  const event = { id: entry.id, kind: entry.kind, desk: roster.desk_id, offline: false, at: entry.at };
  const { verdict, first } = decide(eventsOf({ roster, entries, isRehearsal }, person, sitting), event, hasDeclined(person));
  return { verdict, delegate_id: person.id, sitting, first: first && { at: first.at, desk: first.deskName, isHere: first.desk === roster.desk_id } };
}
