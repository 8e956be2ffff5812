// What was typed or scanned: the same decisions as seminar/checkin/rules.py takes on the server.

// What scanners may put before the content: AIM's symbology identifier and ECI escapes.
const PREFIX = /^\][A-Za-z]\d|\\\d{6}/g;

export function codeIn(read) {
  const text = read.replace(PREFIX, " ");
  const runs = new Set([...text.matchAll(/(?<!\d)\d{20}(?!\d)/g)].map((match) => match[0]));
  if (runs.size === 1) return [...runs][0];
  if (/^[\d\s.-]+$/.test(text)) {
    const digits = text.replace(/\D/g, "");
    if (digits.length === 20) return digits;
  }
  return null;
}

export const isNumber = (text) => /^\d{1,5}$/.test(text.trim());
export const isName = (text) => codeIn(text) === null && !text.includes("/") && /\p{L}/u.test(text);

export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/\s+/g, " ").trim();
}

// The people whose folded text holds every word; a word at the beginning of a name part counts first.
export function find(people, text) {
  const words = fold(text).split(" ").filter(Boolean);
  if (!words.length) return [];
  const found = people.filter((person) => words.every((word) => person.folded.includes(word)));
  const begins = (person) => words.every((word) => ` ${person.folded}`.includes(` ${word}`));
  return found.sort((one, other) => begins(other) - begins(one));
}
