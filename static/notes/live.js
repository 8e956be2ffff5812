// Who else is here, what they changed, and what is on in the hall.
import { settleReply, usual } from "./editor.js";
import { signedOut } from "./queue.js";
import { control, isNew, patience, show, state } from "./state.js";

export const look = async () => {
  const live = document.getElementById("live");
  if (!live || document.hidden) return;
  try {
    const headers = { "HX-Request": "true", "HX-Request-Type": "partial" };
    const answer = await fetch(live.dataset.live, { headers, signal: patience() });
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
export const settleLive = (live) => {
  if (!isNew) return show("changed", Number(live.dataset.revision) > Number(control("revision").value));
  const before = state.begun;
  state.begun = { item: live.dataset.item ?? "", speaker: live.dataset.speaker ?? "" };
  if (state.isTouched || control("text").value) return undefined;
  if (state.begun.item && state.begun.item !== before.item) {
    control("item").value = state.begun.item;
    control("kind").value = usual() ?? control("kind").value;
    settleReply();
  }
  if (state.begun.speaker !== before.speaker && control("speaker").value === before.speaker) control("speaker").value = state.begun.speaker;
  return undefined;
};
