// The form in which a note is typed: replies, length, the keyboard, the next empty line, and a wording taken of two.
import { typed } from "./draft.js";
import { NAMES } from "./kept.js";
import { control, form, newKey, part, show, state } from "./state.js";

export const LONGEST = 20_000;

export const fill = (values) => {
  for (const name of NAMES) if (values[name] !== undefined) control(name).value = values[name];
  if (values.reply_to && !control("reply_to").value) control("reply_to").add(new Option("…", values.reply_to, true, true));
  if (control("item").selectedIndex < 0) control("item").selectedIndex = 0;
  settleReply();
  settleLength();
};

export const settleReply = () => {
  const isReply = control("kind").value === "reply";
  part("reply").hidden = !isReply;
  for (const option of control("reply_to").options)
    option.hidden = Boolean(option.dataset.item) && option.dataset.item !== control("item").value && !option.selected;
};
export const settleLength = () => show("split", control("text").value.trim().length > LONGEST);

export const offerQuestions = (questions) => {
  const select = control("reply_to");
  const chosen = select.selectedOptions[0];
  const none = select.options[0];
  const waiting = state.queue
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
export const questionsNow = () =>
  [...control("reply_to").options].filter((one) => one.value).map((one) => ({ key: one.value, item: one.dataset.item, label: one.text }));

const choose = (select, index) => {
  if (index < 0 || index >= select.options.length) return false;
  select.selectedIndex = index;
  select.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
};
const chooseNumbered = (select, digit) =>
  choose(select, [...select.options].findIndex((option) => option.text.startsWith(`${digit}. `)));

export const onKey = (event) => {
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
export const usual = () => control("item").selectedOptions[0]?.dataset.usual;

// The next empty line.
export const begin = () => {
  state.draft = { key: newKey(), writer: newKey(), base: "" };
  control("key").value = state.draft.key;
  state.isDirty = state.isTouched = false;
  fill({ revision: "1", speaker: state.begun.speaker, topic: "0", spoken: "", reply_to: "", text: "", kind: usual() });
  for (const mark of ["restored", "discard", "kept", "elsewhere"]) show(mark, false);
  form.querySelectorAll('[aria-invalid="true"]').forEach((field) => field.removeAttribute("aria-invalid"));
  form.querySelectorAll(".errors").forEach((list) => list.remove());
  control("speaker").focus();
  control("speaker").select();
};

// Of two wordings that met, one or both goes on in the form.
export const offerTakes = () => {
  const takes = part("takes");
  if (!takes) return;
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
};
