// Told by ear and by hand: high twice for yes, a level tone for look again, low and long for no.
const TUNES = {
  success: [[880, 0.09], [1318, 0.14]],
  info: [[660, 0.12], [660, 0.12]],
  muted: [[660, 0.12]],
  warning: [[587, 0.16], [784, 0.16], [587, 0.16]],
  danger: [[196, 0.4]],
};
const SHAKES = { success: [60], info: [60, 60, 60], muted: [60], warning: [120, 80, 120], danger: [400] };
let context = null;

export const isSounding = () => context?.state === "running";

// Browsers give sound only after a touch or a key.
export async function wake() {
  context ??= new AudioContext();
  await context.resume().catch(() => {});
  dispatchEvent(new Event("desk-sound"));
}
for (const event of ["pointerdown", "keydown"]) addEventListener(event, () => isSounding() || wake());

export function tell(tone) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(SHAKES[tone] ?? [60]);
  if (!isSounding()) return;
  let at = context.currentTime;
  for (const [pitch, seconds] of TUNES[tone] ?? []) {
    const voice = context.createOscillator();
    const loudness = context.createGain();
    voice.type = tone === "danger" ? "square" : "sine";
    voice.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.25, at);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + seconds);
    voice.connect(loudness).connect(context.destination);
    voice.start(at);
    voice.stop(at + seconds);
    at += seconds + 0.03;
  }
}
