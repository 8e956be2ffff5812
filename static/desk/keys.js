// A keyboard scanner, wherever the focus is: keys faster than a hand, with the twenty digits of a code among them, are
// taken out of the field they ran into and handed on as one reading. Digits come from `event.code`, so that neither
// Telex nor VNI nor another layout can change them.
import { codeIn } from "./reading.js";

const GAP_MS = 250; // between two keys of one reading
const PAUSE_MS = 120; // after the last key of a scanner that ends without Enter or Tab
const LATE_MS = 600; // its Enter or Tab may come this late
const HAND_MS = 50; // no hand types eight keys as fast as this each
const FAST_KEYS = 8;

const TEXT = /^(?:text|search|tel|email|url|number|)$/;
const isText = (element) => element?.matches?.("textarea") || (element?.matches?.("input") && TEXT.test(element.getAttribute("type") ?? ""));
const isField = (element) => isText(element) || element?.matches?.("select");

function characterOf(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (digit && !(event.shiftKey && event.code.startsWith("Digit"))) return digit[1];
  return event.key.length === 1 ? event.key : "";
}

export class Keys {
  // `home` takes what is typed while no field has the focus; `onRead(text)` gets a reading with a code.
  constructor(home, onRead) {
    this.home = home;
    this.onRead = onRead;
    this.begin(null, 0);
    document.addEventListener("keydown", (event) => this.#key(event), true);
  }

  begin(element, now) {
    this.text = "";
    this.count = 0;
    this.startedAt = now;
    this.element = element;
    this.before = isField(element) ? element.value : null;
  }

  get isFast() {
    return this.count >= FAST_KEYS && (this.lastAt - this.startedAt) / this.count < HAND_MS;
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || ["Shift", "CapsLock"].includes(event.key)) return;
    const now = event.timeStamp; // when the key was struck: a busy page hears of it late
    if (event.repeat) this.begin(null, now); // a key held down is no scanner
    if (now - (this.lastAt ?? -GAP_MS) > GAP_MS) this.begin(null, now);
    if (["Enter", "Tab"].includes(event.key)) return this.#end(event, now);
    const character = characterOf(event);
    if (!character) return;
    if (!this.count) {
      // Keys of nowhere go home; a lone space presses the button that has the focus.
      if (!isField(document.activeElement) && character !== " ") this.home.focus();
      this.begin(document.activeElement, now);
    }
    this.text += character;
    this.count += 1;
    this.isTyping = true;
    this.lastAt = now;
    clearTimeout(this.timer);
    if (codeIn(this.text)) this.timer = setTimeout(() => this.#take(), PAUSE_MS);
  }

  #end(event, now) {
    clearTimeout(this.timer);
    if (codeIn(this.text) || (!this.isTyping && now - (this.takenAt ?? -LATE_MS) < LATE_MS)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (codeIn(this.text)) this.#take();
    } else if (this.isFast && this.element !== this.home && event.key !== "Tab") {
      event.preventDefault(); // some other code ran into a form: it must not be sent by that
    }
    this.begin(null, 0);
  }

  #take() {
    const [text, element, before] = [this.text, this.element, this.before];
    this.begin(null, 0);
    this.takenAt = performance.now();
    this.isTyping = false; // nothing was typed since
    if (before !== null) {
      element.value = before;
      element.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.onRead(text);
  }
}
