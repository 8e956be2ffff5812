// Notes at the speed of speech, and none is lost. What is typed is kept in this browser with every key and on the server
// every few seconds; a saved note stands in a queue on this device until the server has it, however long that takes.
// Each note has a key of its own, so that one sent twice is stored once. Without this script the form saves plainly.
import { dropDraft, offerDrafts, restoreDraft, sendTyped, typed } from "./draft.js";
import { begin, fill, LONGEST, offerTakes, onKey, settleLength, settleReply, usual } from "./editor.js";
import { look, settleLive } from "./live.js";
import { enqueue, sendAll, showQueue } from "./queue.js";
import { cannotKeep, control, form, isNew, kept, part, place, show, state } from "./state.js";

const TYPED_MS = 3_000;
const LIVE_MS = 10_000;

// What a person may do at once comes before what this device remembers.
const start = async () => {
  const live = document.getElementById("live");
  if (live) state.begun = { item: live.dataset.item ?? "", speaker: live.dataset.speaker ?? "" };
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
    await dropDraft();
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
  offerTakes();
  document.addEventListener("visibilitychange", () => (document.hidden ? sendTyped(true) : (sendAll(), look())));
  window.addEventListener("pagehide", () => sendTyped(true));
  window.addEventListener("pageshow", () => (form.inert = false));
  window.addEventListener("online", sendAll);
  window.addEventListener("focus", sendAll);
  window.addEventListener("beforeunload", (event) => {
    if (state.queue.length && !part("no-storage").hidden) event.preventDefault();
  });

  const stored = await kept.all("queue", place).catch(() => (cannotKeep(), []));
  state.queue = [...stored.filter((one) => !state.queue.some((other) => other.id === one.id)), ...state.queue];
  await restoreDraft(isAsked);
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
