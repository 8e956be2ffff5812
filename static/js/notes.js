// Notes at the speed of speech, and none is lost. What is typed is kept in this browser with every key and on the server
// every few seconds; a saved note stands in a queue on this device until the server has it, however long that takes.
// Each note has a key of its own, so that one sent twice is stored once. Without this script the form saves plainly.

const TYPED_MS = 3_000;
const LIVE_MS = 10_000;
const ANSWER_MS = 15_000;
const ASKED_MS = 200;
const LONGEST = 20_000;
const NAMES = ["revision", "item", "kind", "speaker", "topic", "spoken", "reply_to", "text"];
const ASKS = { Accept: "application/json", "HX-Request": "true" };

// randomUUID needs a secure context, which a server in the hall's own network may lack.
const newKey = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

const sameWords = (some, others) => NAMES.every((name) => name === "revision" || some[name] === others[name]);

// What this device keeps: `drafts` as typed, `queue` as saved. A promise is kept when its transaction is.
class Kept {
  async #database() {
    this.opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open("notes", 1);
      request.onupgradeneeded = () => ["drafts", "queue"].forEach((name) => request.result.createObjectStore(name, { keyPath: "id" }));
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        request.result.onclose = () => (this.opening = null);
        resolve(request.result);
      };
      request.onerror = () => reject(request.error);
    });
    this.opening.catch(() => (this.opening = null));
    return this.opening;
  }

  async #run(name, mode, work, durability = "relaxed") {
    const database = await this.#database();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(name, mode, { durability });
      const request = work(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  put(name, value) {
    return this.#run(name, "readwrite", (store) => store.put(value), name === "queue" ? "strict" : "relaxed");
  }

  remove(name, id) {
    return this.#run(name, "readwrite", (store) => store.delete(id));
  }

  // The draft goes, unless other words were typed into it since.
  removeSaved(id, fields) {
    return this.#run("drafts", "readwrite", (store) => {
      const request = store.get(id);
      request.onsuccess = () => request.result && sameWords(request.result.fields, fields) && store.delete(id);
      return request;
    });
  }

  async all(name, place) {
    const found = await this.#run(name, "readonly", (store) => store.getAll());
    return found.filter((one) => one.place === place).sort((one, other) => one.at - other.at);
  }
}

const form = document.getElementById("entry");

// By name; `elements.item` alone would be the collection's own method.
const control = (name) => form.elements.namedItem(name);
const part = (mark) => document.querySelector(`[data-${mark}]`);
const show = (mark, on) => {
  const element = part(mark);
  if (element) element.hidden = !on;
};
const made = (mark) => part(mark).content.firstElementChild.cloneNode(true);
const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit" });

const start = async () => {
  const { place, entry, writer, drafts: draftsAddress } = form.dataset;
  const isNew = entry === "new";
  const view = newKey(); // of this opening of the page
  const kept = new Kept();
  let queue = [];
  let draft = { key: control("key").value, writer: newKey(), base: form.dataset.opened ?? "" };
  let isDirty = false;
  let isTouched = false;
  let lastKey = ""; // of the note saved before from this page: they stay in the order in which they were written
  let begun = { item: "", speaker: "" };

  const fields = () => Object.fromEntries(NAMES.map((name) => [name, control(name).value]));
  const idOf = (key) => `${place}:${key}`;
  const fill = (values) => {
    for (const name of NAMES) if (values[name] !== undefined) control(name).value = values[name];
    if (values.reply_to && !control("reply_to").value) control("reply_to").add(new Option("…", values.reply_to, true, true));
    if (control("item").selectedIndex < 0) control("item").selectedIndex = 0;
    settleReply();
    settleLength();
  };
  const cannotKeep = () => {
    document.getElementById("queue").hidden = false;
    show("no-storage", true);
  };
  const post = (address, body, more = {}) =>
    fetch(address, { method: "POST", body, headers: { ...ASKS, "X-Writer": writer }, signal: AbortSignal.timeout(ANSWER_MS), ...more });
  const answered = (answer) => answer.headers.get("Content-Type")?.startsWith("application/json");

  // Of two tabs one goes on with a draft: a new one asks who has it.
  const tabs = new BroadcastChannel("notes");
  const taken = new Set();
  tabs.onmessage = ({ data }) => {
    if (data.ask === draft.key && isTouched) tabs.postMessage({ taken: data.ask });
    if (data.taken) taken.add(data.taken);
  };
  const isFree = async (key) => {
    tabs.postMessage({ ask: key });
    await new Promise((resolve) => setTimeout(resolve, ASKED_MS));
    return !taken.has(key);
  };

  // --- what is being typed

  const keepTyped = () => {
    draft.at = Date.now();
    return kept.put("drafts", { id: idOf(draft.key), place, entry, view, ...draft, fields: fields() }).catch(cannotKeep);
  };
  const sendTyped = async (keepalive = false) => {
    if (!isDirty) return;
    isDirty = false;
    const { key, writer: typist, base } = draft;
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...fields(), key, writer: typist, base, note: isNew ? "" : entry })) body.set(name, value);
    try {
      const answer = await post(draftsAddress, body, { keepalive });
      if (answer.status === 401) return signedOut(true);
      if (key !== draft.key || !answered(answer)) return;
      show("elsewhere", answer.status === 409);
      if (answer.status !== 200) return;
      signedOut(false);
      draft.base = (await answer.json()).saved_at;
      show("kept", Boolean(draft.base));
    } catch {
      if (key === draft.key) isDirty = true;
    }
  };
  const typed = () => {
    isDirty = isTouched = true;
    show("discard", true);
    show("kept", false);
    keepTyped();
  };

  // --- the form: replies, length, keys

  const settleReply = () => {
    const isReply = control("kind").value === "reply";
    part("reply").hidden = !isReply;
    for (const option of control("reply_to").options)
      option.hidden = Boolean(option.dataset.item) && option.dataset.item !== control("item").value && !option.selected;
  };
  const settleLength = () => show("split", control("text").value.trim().length > LONGEST);
  const offerQuestions = (questions) => {
    const select = control("reply_to");
    const chosen = select.selectedOptions[0];
    const none = select.options[0];
    const waiting = queue
      .filter((one) => one.fields.kind === "question" && one.entry === "new")
      .map((one) => ({ key: one.key, item: one.fields.item, label: [one.fields.speaker, one.fields.text].filter(Boolean).join(": ").slice(0, 80) }));
    const offered = new Map([...questions, ...waiting].map((one) => [one.key, one]));
    const options = [...offered.values()].map(({ key, item, label }) => {
      const option = new Option(label, key);
      option.dataset.item = item;
      return option;
    });
    select.replaceChildren(none, ...options);
    if (chosen?.value && !options.some((option) => option.value === chosen.value)) select.append(chosen);
    select.value = chosen?.value ?? "";
    settleReply();
  };
  const questionsNow = () =>
    [...control("reply_to").options].filter((one) => one.value).map((one) => ({ key: one.value, item: one.dataset.item, label: one.text }));
  const choose = (select, index) => {
    if (index < 0 || index >= select.options.length) return false;
    select.selectedIndex = index;
    select.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  };
  const chooseNumbered = (select, digit) =>
    choose(select, [...select.options].findIndex((option) => option.text.startsWith(`${digit}. `)));
  const onKey = (event) => {
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.altKey && digit !== undefined) {
      const isChosen = event.shiftKey ? chooseNumbered(control("topic"), digit) : choose(control("kind"), digit - 1);
      if (isChosen) event.preventDefault();
    } else if (isPlain && event.target === control("kind") && digit !== undefined && choose(control("kind"), digit - 1)) {
      event.preventDefault();
      control(control("kind").value === "reply" ? "reply_to" : "text").focus();
    } else if (isPlain && event.key === "Enter" && ["kind", "topic", "item", "spoken", "reply_to"].includes(event.target.name)) {
      event.preventDefault(); // Enter in one line must not send a half note
      control("text").focus();
    }
  };
  const usual = () => control("item").selectedOptions[0]?.dataset.usual;

  // The next empty line.
  const begin = () => {
    draft = { key: newKey(), writer: newKey(), base: "" };
    control("key").value = draft.key;
    isDirty = isTouched = false;
    fill({ revision: "1", speaker: begun.speaker, topic: "0", spoken: "", reply_to: "", text: "", kind: usual() });
    for (const mark of ["restored", "discard", "kept", "elsewhere"]) show(mark, false);
    form.querySelectorAll('[aria-invalid="true"]').forEach((field) => field.removeAttribute("aria-invalid"));
    form.querySelectorAll(".errors").forEach((list) => list.remove());
    control("speaker").focus();
    control("speaker").select();
  };
  const adopt = (one) => {
    draft = { key: one.key, writer: one.writer ?? newKey(), base: one.base ?? "" };
    control("key").value = one.key;
    fill(one.fields);
    isTouched = isDirty = true;
    show("restored", true);
    show("discard", true);
  };

  // --- drafts that wait to be opened, of this browser and of the server

  const offerDrafts = async () => {
    const list = document.getElementById("drafts");
    if (!list) return;
    const rows = [...list.querySelectorAll("[data-draft-key]")];
    list.querySelectorAll("[data-local-key]").forEach((row) => row.remove());
    const locals = await kept.all("drafts", place).catch(() => []);
    const same = (row, key, text) => row.dataset.draftKey === key && row.querySelector("[data-draft-text]").textContent.trim() === text.trim();
    for (const row of rows)
      row.hidden = same(row, draft.key, control("text").value) || queue.some((one) => same(row, one.key, one.fields.text));
    for (const one of locals) {
      const isHere = one.key === draft.key || queue.some((waiting) => waiting.key === one.key);
      if (one.entry !== entry || isHere || !one.fields.text.trim() || rows.some((row) => same(row, one.key, one.fields.text))) continue;
      const row = made("local");
      row.dataset.localKey = one.key;
      row.querySelector("[data-speaker]").textContent = one.fields.speaker;
      row.querySelector("[data-draft-text]").textContent = one.fields.text;
      row.querySelector("[data-open]").addEventListener("click", () => {
        adopt(one);
        offerDrafts();
      });
      list.querySelector("ul").append(row);
    }
    list.hidden = ![...list.querySelectorAll("li")].some((row) => !row.hidden);
  };

  // --- the queue

  const region = document.getElementById("queue");
  const written = document.querySelector("#written .note-list");
  const signedOut = (on, who = "") => {
    if (part("signed-out").hidden === !on && part("who").textContent === who) return;
    show("signed-out", on);
    part("who").textContent = who;
    showQueue();
  };
  let shown = "";
  const showQueue = () => {
    const state = JSON.stringify([queue.map((one) => [one.id, one.at, one.problem, one.isLate]), part("signed-out").hidden, part("no-storage").hidden]);
    if (state === shown) return; // a button that has the focus keeps it
    shown = state;
    const waiting = queue.filter((one) => !one.problem);
    const count = region.querySelector("[data-count]");
    count.textContent = count.dataset.count.replace("{num}", waiting.length);
    const isSlow = waiting.some((one) => one.isLate);
    region.querySelector("[data-waiting]").hidden = !waiting.length;
    region.querySelector("[data-away]").hidden = !isSlow || !part("signed-out").hidden;
    const problems = region.querySelector("[data-problems]");
    problems.replaceChildren(...queue.filter((one) => one.problem).map(problemRow));
    region.hidden = !queue.length && part("signed-out").hidden && part("no-storage").hidden;
    if (!written) return;
    for (const one of waiting)
      if (one.entry === "new" && !written.querySelector(`[data-key="${one.key}"]`)) written.prepend(pendingRow(one));
    const known = new Set(waiting.map((one) => one.key));
    written.querySelectorAll(".pending").forEach((row) => known.has(row.dataset.key) || row.remove());
    document.getElementById("written").hidden = !written.children.length;
  };
  const pendingRow = (one) => {
    const row = made("pending");
    row.dataset.key = one.key;
    row.dataset.row = "";
    row.querySelector("time").textContent = one.fields.spoken || clock(one.at);
    row.querySelector("[data-speaker]").textContent = one.fields.speaker;
    row.querySelector("[data-text]").textContent = one.fields.text;
    return row;
  };
  const problemRow = (one) => {
    const row = made("problem");
    row.querySelector("[data-why]").textContent = one.problem;
    row.querySelector("[data-text]").textContent = `${one.fields.speaker}\n${one.fields.text}`.trim();
    row.querySelector("[data-open]").addEventListener("click", () => correct(one));
    const drop = row.querySelector("[data-drop]");
    drop.addEventListener("click", () => window.confirm(drop.dataset.sure) && settle(one).then(showQueue));
    return row;
  };
  // Out of the queue, unless it was replaced by later words meanwhile.
  const settle = async (one) => {
    const now = queue.find((other) => other.id === one.id);
    if (now && now.at !== one.at) return;
    queue = queue.filter((other) => other.id !== one.id);
    await kept.remove("queue", one.id).catch(() => {});
  };
  const postPlainly = (one) => {
    const plain = document.createElement("form");
    plain.method = "post";
    plain.action = one.address;
    for (const [name, value] of Object.entries(one.fields)) {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      plain.append(field);
    }
    plain.hidden = true;
    document.body.append(plain);
    plain.submit();
  };
  const isOnPage = (one) => !isNew && one.entry === entry;
  // What was saved and refused, with what was typed since, which mostly goes on from it.
  const withLater = (one, typedSince) => {
    const isHere = isOnPage(one) && isTouched && control("text").value.trim();
    const later = isHere ? { view, fields: fields() } : typedSince;
    if (!later) return one.fields;
    const { text } = later.fields;
    return { ...one.fields, ...later.fields, text: later.view === one.view ? text : `${one.fields.text}\n${text}` };
  };
  const correct = async (one) => {
    const drafts = await kept.all("drafts", place).catch(() => []);
    const typedSince = drafts.find((other) => other.id === idOf(one.key) && other.at > one.at && other.fields.text.trim());
    const latest = () => withLater(one, typedSince);
    const asDraft = { id: idOf(one.key), place, entry: one.noteId ?? one.entry, key: one.key, writer: newKey(), base: "", fields: latest(), at: Date.now() };
    await kept.put("drafts", asDraft).catch(cannotKeep);
    await settle(isOnPage(one) ? (queue.find((other) => other.id === one.id) ?? one) : one);
    if (one.entry !== "new" || one.isConflict) {
      isDirty = false;
      form.inert = true; // what would be typed from here on would miss the page that comes
      return postPlainly({ ...one, fields: latest() });
    }
    if (!isNew) return location.assign(one.address);
    adopt(asDraft);
    showQueue();
    offerDrafts();
    control("text").focus();
    return undefined;
  };
  const saved = async (one, answer) => {
    await settle(one);
    await kept.removeSaved(idOf(one.key), one.fields).catch(() => {});
    signedOut(false);
    if (isOnPage(one)) return savedHere(one, answer);
    for (const [kind, number] of Object.entries(answer.counts)) {
      const figure = document.querySelector(`[data-figure="${kind}"] .figure`);
      if (figure) figure.textContent = number.toLocaleString("de-DE");
    }
    offerQuestions(answer.questions);
    if (!written || one.entry !== "new") return;
    const holder = document.createElement("template");
    holder.innerHTML = answer.rows.join("");
    const rows = [...holder.content.children];
    rows.forEach((row) => document.getElementById(row.id)?.remove());
    written.querySelector(`[data-key="${one.key}"]`)?.remove();
    written.prepend(...rows.reverse());
    rows.forEach((row) => window.htmx?.process(row));
    document.getElementById("written").hidden = false;
    document.querySelector(".note-list > .empty")?.remove();
  };
  // What was written after pressing the button is the next wording: of what was just saved, not of what others made of it.
  const savedHere = async (one, answer) => {
    if (one.view !== view) return isTouched ? undefined : location.assign(answer.address); // this form began from older words
    const revision = String(Math.min(answer.revision, Number(one.fields.revision) + 1));
    control("revision").value = revision;
    const next = queue.find((other) => other.id === one.id);
    if (!next && sameWords(fields(), one.fields)) return location.assign(answer.address);
    typed();
    if (!next) return undefined;
    next.fields.revision = revision;
    return kept.put("queue", next).catch(cannotKeep);
  };
  // false: no use to try the next one now.
  const send = async (one) => {
    const body = new FormData();
    for (const [name, value] of Object.entries(one.fields)) body.set(name, value);
    body.set("waited", Math.max(0, Date.now() - one.at));
    let answer;
    let told = {};
    try {
      answer = await post(one.address, body);
      if (answered(answer)) told = await answer.json();
    } catch {
      return false;
    }
    if (answer.status === 401) {
      signedOut(true, told.problem ?? "");
      return false;
    }
    if (answer.ok && told.key) {
      await saved(one, told);
      return true;
    }
    if (answer.ok || answer.status >= 500 || answer.status === 429 || answer.redirected) return false;
    if (isOnPage(one) && answered(answer)) {
      await correct({ ...one, isConflict: answer.status === 409 });
      return false;
    }
    one.problem = told.problem ?? `${answer.status}`;
    one.isConflict = answer.status === 409;
    one.noteId = told.address?.split("/").at(-1);
    await kept.put("queue", one).catch(cannotKeep);
    return true;
  };
  let isSending = false;
  const sendAll = async () => {
    if (isSending) return;
    isSending = true;
    try {
      const stored = await kept.all("queue", place).catch(() => []);
      queue = [...queue, ...stored.filter((one) => !queue.some((other) => other.id === one.id))].sort((one, other) => one.at - other.at);
      let one;
      while ((one = queue.find((other) => !other.problem))) {
        if (await send(one)) continue;
        queue.forEach((other) => (other.isLate = true));
        break;
      }
    } finally {
      isSending = false;
      showQueue();
    }
  };
  const enqueue = (split) => {
    const at = Math.max(Date.now(), ...queue.map((one) => one.at + 1));
    const { key } = draft;
    const address = new URL(form.action).pathname;
    const one = { id: `${place}:${address}:${key}`, place, entry, address, key, at, view, fields: { ...fields(), key, split, after: lastKey } };
    lastKey = key;
    queue = [...queue.filter((other) => other.id !== one.id), one];
    kept
      .put("queue", one)
      .then(() => kept.removeSaved(idOf(key), one.fields).catch(() => {}), cannotKeep)
      .finally(sendAll);
    if (one.fields.kind === "question") offerQuestions(questionsNow());
    showQueue();
  };

  // --- who else is here, and what is on

  const look = async () => {
    const live = document.getElementById("live");
    if (!live || document.hidden) return;
    try {
      const headers = { "HX-Request": "true", "HX-Request-Type": "partial" };
      const answer = await fetch(live.dataset.live, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
      if (answer.status === 401) return signedOut(true);
      if (!answer.ok || answer.redirected) return;
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      const fresh = holder.content.querySelector("#live");
      if (!fresh) return;
      if (fresh.outerHTML !== live.outerHTML) live.replaceWith(fresh);
      settleLive(fresh);
    } catch {
      // The next look tells.
    }
  };
  const settleLive = (live) => {
    if (!isNew) return show("changed", Number(live.dataset.revision) > Number(control("revision").value));
    const before = begun;
    begun = { item: live.dataset.item ?? "", speaker: live.dataset.speaker ?? "" };
    if (isTouched || control("text").value) return undefined;
    if (begun.item && begun.item !== before.item) {
      control("item").value = begun.item;
      control("kind").value = usual() ?? control("kind").value;
      settleReply();
    }
    if (begun.speaker !== before.speaker && control("speaker").value === before.speaker) control("speaker").value = begun.speaker;
    return undefined;
  };

  // --- beginning: what a person may do at once comes before what this device remembers

  const live = document.getElementById("live");
  if (live) begun = { item: live.dataset.item ?? "", speaker: live.dataset.speaker ?? "" };
  const isRefused = Boolean(form.querySelector(".errors, [data-tone=danger]") || document.querySelector("#conflict, #note [role=alert]"));
  const isAsked = isRefused || form.dataset.opened || new URLSearchParams(location.search).has("reply");
  settleReply();
  settleLength();
  settleLive(live ?? document.createElement("div"));
  if (isRefused) typed();
  else if (isNew && matchMedia("(pointer: fine)").matches) {
    control("speaker").focus();
    control("speaker").select();
  }

  form.addEventListener("input", () => {
    settleReply();
    settleLength();
    typed();
  });
  control("item").addEventListener("input", () => {
    if (!control("text").value && usual()) control("kind").value = usual();
  });
  form.addEventListener("keydown", onKey);
  form.addEventListener("focusout", () => sendTyped());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!control("text").value.trim()) {
      control("text").value = "";
      form.reportValidity();
      return;
    }
    const split = event.submitter?.name === "split" ? "1" : "";
    if (isNew && !split && control("text").value.trim().length > LONGEST) {
      show("split", true);
      part("split").querySelector("button").focus();
      return;
    }
    enqueue(split);
    if (isNew) begin();
  });
  part("discard")?.addEventListener("click", async () => {
    const body = new FormData();
    body.set("key", draft.key);
    await kept.remove("drafts", idOf(draft.key)).catch(() => {});
    post(`${draftsAddress}/removal`, body).catch(() => {});
    if (isNew && !isRefused) begin();
    else location.assign(location.pathname);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reply-to]");
    if (!link || !isNew || control("text").value.trim()) return;
    event.preventDefault();
    fill({ kind: "reply", item: new URL(link.href).searchParams.get("item") });
    control("reply_to").value = link.dataset.replyTo;
    settleReply();
    control("speaker").focus();
  });
  const takes = part("takes");
  if (takes) {
    takes.hidden = false;
    const [theirs, mine] = ["theirs", "mine"].map((id) => document.getElementById(id).textContent.trim());
    const texts = { theirs, mine, both: `${theirs}\n${mine}` };
    takes.addEventListener("click", (event) => {
      const { take } = event.target.closest("[data-take]")?.dataset ?? {};
      if (!take) return;
      control("text").value = texts[take];
      typed();
      control("text").focus();
    });
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? sendTyped(true) : (sendAll(), look())));
  window.addEventListener("pagehide", () => sendTyped(true));
  window.addEventListener("pageshow", () => (form.inert = false));
  window.addEventListener("online", sendAll);
  window.addEventListener("focus", sendAll);
  window.addEventListener("beforeunload", (event) => {
    if (queue.length && !part("no-storage").hidden) event.preventDefault();
  });

  const stored = await kept.all("queue", place).catch(() => (cannotKeep(), []));
  queue = [...stored.filter((one) => !queue.some((other) => other.id === one.id)), ...queue];
  const isSaved = (one) => {
    const same = (element) => element.textContent.trim() === one.fields.text.trim();
    if (isNew) return queue.some((waiting) => waiting.key === one.key) || [...document.querySelectorAll(`[data-key="${one.key}"] [data-wording]`)].some(same);
    return [...document.querySelectorAll("#note [data-wording]")].some(same);
  };
  let restored = null;
  for (const one of await kept.all("drafts", place).catch(() => [])) {
    if (one.entry !== entry) continue;
    if (isSaved(one) || !one.fields.text.trim()) await kept.remove("drafts", one.id).catch(() => {});
    else if (!isAsked && !isTouched) restored = one;
  }
  if (restored && (await isFree(restored.key)) && !isTouched) adopt(restored);
  showQueue();
  offerDrafts();

  setInterval(() => {
    sendTyped();
    sendAll();
  }, TYPED_MS);
  setInterval(look, LIVE_MS);
  navigator.storage?.persist?.();
  form.dataset.ready = "";
  sendAll();
};

if (form) start();
