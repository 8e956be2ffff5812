// Small parts of the page. What is unchanged is not drawn again: a button that is replaced between press and release
// would swallow the press.
const drawn = new WeakMap();

export function redraw(element, key, make) {
  const text = JSON.stringify(key);
  if (drawn.get(element) === text) return;
  drawn.set(element, text);
  element.replaceChildren(...make());
}

export const part = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });

export function notice(text, tone) {
  const told = part("p", "notice", text);
  told.dataset.tone = tone;
  return told;
}
