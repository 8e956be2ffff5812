// A statistics return while it is typed: kept in this browser with every key and on the server a moment later, with what
// cannot be right and the sums as the server sees them. Others' cells come in as they are saved; a cell that two typed
// into is never overwritten, somebody chooses. Without this script the form works plainly.

const SAVE_MS = 700;
const AGAIN_MS = 5_000;
const LOOK_MS = 15_000;
const ANSWER_MS = 15_000;

const form = document.getElementById("return-form");

const stored = {
  place: `return:${form?.dataset.page}`,
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.place));
    } catch {
      return null;
    }
  },
  write(value) {
    try {
      localStorage.setItem(this.place, JSON.stringify(value));
    } catch {
      // Private windows may have no storage; the server has it a moment later.
    }
  },
  drop() {
    try {
      localStorage.removeItem(this.place);
    } catch {
      // As above.
    }
  },
};

const start = async () => {
  const control = (name) => form.elements.namedItem(name);
  const inputs = [...form.querySelectorAll('input[name^="cell."]')];
  const keyOf = (input) => input.name.slice("cell.".length);
  const byKey = new Map(inputs.map((input) => [keyOf(input), input]));
  const status = document.querySelector("[data-status]");
  const problem = form.querySelector("[data-problem]");
  const held = new Map(); // cells of a conflict: key -> what the other one typed, sent until somebody chooses
  let base = JSON.parse(control("base").value || "{}");
  let remarks = control("remarks").value;
  let isDirty = false;
  let timer = 0;
  let running = null;
  let isAway = false; // the server cannot be reached, or wants a sign-in

  const typed = () => Object.fromEntries(inputs.filter((input) => input.value.trim()).map((input) => [keyOf(input), input.value]));
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  const say = (text) => (status.textContent = text);
  const sayProblem = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };
  // What the remarks were stays with the base until the server has those typed here.
  const setBase = (cells, revision, began = base.remarks) => {
    base = { ...cells, remarks: began };
    control("base").value = JSON.stringify(base);
    control("revision").value = revision;
  };

  const show = (answer, sent) => {
    const merged = answer.mine ?? answer.cells;
    for (const [key, input] of byKey) {
      const theirs = merged[key] ?? "";
      if (!held.has(key) && input.value === sent[key] && input.value.trim() !== theirs) input.value = theirs;
      const wrong = answer.wrong[key];
      const cell = input.closest("td");
      const mark = held.has(key) ? "error" : answer.marks[key];
      if (mark) cell.dataset.mark = mark;
      else delete cell.dataset.mark;
      if (wrong || held.has(key)) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      if (!held.has(key)) cell.querySelector("p").textContent = wrong ?? "";
    }
    const holder = document.createElement("template");
    holder.innerHTML = answer.figures;
    document.getElementById("return-figures").replaceWith(holder.content.firstElementChild);
  };

  const hold = (key, theirs, sentence) => {
    const input = byKey.get(key);
    held.set(key, theirs);
    const told = input.closest("td").querySelector("p");
    const button = (label, take) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button small";
      made.textContent = label;
      made.addEventListener("click", () => {
        if (take) input.value = theirs;
        free(key);
        touch();
      });
      return made;
    };
    told.replaceChildren(sentence, " ", button(form.dataset.keepMine, false), " ", button(form.dataset.takeTheirs, true));
  };
  const free = (key) => {
    held.delete(key);
    byKey.get(key).closest("td").querySelector("p").textContent = "";
    if (!held.size) sayProblem("");
  };

  // true once the server has all that is typed and nothing waits for a choice.
  const save = async (keepalive = false) => {
    clearTimeout(timer);
    isDirty = isAway = false;
    const sent = Object.fromEntries(inputs.map((input) => [keyOf(input), input.value]));
    const sentRemarks = control("remarks").value;
    const body = new FormData();
    for (const name of ["revision", "base", "remarks"]) body.set(name, control(name).value);
    for (const [key, text] of Object.entries(sent)) body.set(`cell.${key}`, held.has(key) ? held.get(key) : text);
    let answer;
    let told;
    try {
      const asks = { Accept: "application/json", "HX-Request": "true" };
      answer = await fetch(form.action, { method: "POST", body, headers: asks, keepalive, signal: AbortSignal.timeout(ANSWER_MS) });
      if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(answer.status);
      told = await answer.json();
    } catch {
      isDirty = isAway = true;
      say(answer?.status === 401 ? form.dataset.signedOut : form.dataset.offline);
      timer = setTimeout(() => settle(), AGAIN_MS);
      return false;
    }
    if (!told.cells) {
      sayProblem(told.problem);
      say("");
      return false;
    }
    setBase(told.cells, told.revision, answer.ok ? told.remarks : undefined);
    if (answer.status === 409) {
      for (const [key, sentence] of Object.entries(told.conflicts)) hold(key, told.cells[key] ?? "", sentence);
      sayProblem(told.problem);
      show(told, sent);
      timer = setTimeout(() => settle(), 0); // the other cells are still to be kept
      return false;
    }
    remarks = told.remarks;
    const isOthers = plain(sentRemarks) !== plain(told.remarks);
    if (isOthers && control("remarks").value === sentRemarks) control("remarks").value = told.remarks;
    show(told, sent);
    if (isDirty) return false;
    if (!held.size) stored.drop();
    const at = new Date().toLocaleTimeString("en-GB", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit" });
    say(form.dataset.kept.replace("{time}", at));
    return !held.size;
  };
  // One at a time; what was typed meanwhile goes with the next.
  const settle = async () => {
    while (running) await running;
    running = save().finally(() => (running = null));
    const isKept = await running;
    return isDirty && !isAway ? settle() : isKept;
  };
  const touch = () => {
    isDirty = true;
    stored.write({ cells: typed(), base, revision: control("revision").value, remarks: control("remarks").value });
    say(form.dataset.typing);
    clearTimeout(timer);
    timer = setTimeout(() => settle(), SAVE_MS);
  };

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    const key = event.target.name?.startsWith("cell.") ? keyOf(event.target) : "";
    if (held.has(key)) free(key);
    touch();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !inputs.includes(event.target)) return;
    event.preventDefault();
    inputs[inputs.indexOf(event.target) + 1]?.focus();
  });
  // A block copied from a spreadsheet goes into the cells to the right and below.
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!inputs.includes(event.target) || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const rows = [...form.querySelectorAll("tbody tr")].filter((row) => row.querySelector('input[name^="cell."]'));
    const top = rows.findIndex((row) => row.contains(event.target));
    const left = [...rows[top].querySelectorAll("input")].indexOf(event.target);
    text.replace(/\r?\n$/, "").split(/\r?\n/).forEach((line, down) => {
      line.split("\t").forEach((value, along) => {
        const input = rows[top + down]?.querySelectorAll("input")[left + along];
        if (input) input.value = value.trim().slice(0, 100);
      });
    });
    touch();
  });
  let isPassing = false;
  form.addEventListener("submit", async (event) => {
    if (isPassing || !(running || isDirty || held.size)) return;
    event.preventDefault();
    event.stopPropagation();
    const { submitter } = event;
    await settle();
    if (held.size) {
      problem.scrollIntoView({ block: "center" });
      return;
    }
    isPassing = true;
    form.requestSubmit(submitter);
    isPassing = false;
  });
  const look = () => {
    if (!document.hidden && !running && (isDirty || Number(control("revision").value))) settle();
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? isDirty && save(true) : look()));
  window.addEventListener("pagehide", () => isDirty && save(true));
  window.addEventListener("online", look);
  setInterval(look, LOOK_MS);

  // The answer to a press stands at the press's own address, which cannot be loaded again.
  const { page } = form.dataset;
  if (location.pathname !== page) history.replaceState(null, "", `${page}?correct=1`);

  const before = stored.read();
  const isRefused = Boolean(document.querySelector('.notice[role="alert"]:not([hidden])'));
  if (before && !isRefused) {
    const isSame = JSON.stringify(before.cells) === JSON.stringify(typed()) && before.remarks === remarks;
    if (isSame) stored.drop();
    else {
      for (const [key, input] of byKey) input.value = before.cells[key] ?? "";
      control("remarks").value = before.remarks;
      setBase(before.base, before.revision, before.base.remarks); // what others saved since is merged, or shown beside
      touch();
      await settle();
    }
  }
  form.dataset.ready = "";
};

if (form) start();
