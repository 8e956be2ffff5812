// Reads QR codes from the camera with zxing-wasm, every 100 ms; one code is told once until it has been out of sight.
// The buttons of the camera are here too.
import { say } from "./verdict.js";

const EVERY_MS = 100;
const SAME_MS = 4000;

let ready = null;

function prepare(wasm) {
  ready ??= ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return ready;
}

export class Camera {
  constructor(video, wasm, onRead) {
    this.video = video;
    this.wasm = wasm;
    this.onRead = onRead;
    this.stream = null;
    this.seen = new Map();
    this.canvas = document.createElement("canvas");
  }

  get isOn() {
    return this.stream !== null;
  }

  // Throws NotAllowedError, NotFoundError or whatever the browser says.
  async start(deviceId) {
    this.stop();
    const wanted = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "environment" };
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...wanted, width: { ideal: 1280 }, height: { ideal: 720 } } });
    this.video.srcObject = this.stream;
    this.video.dataset.on = "yes";
    await this.video.play();
    await prepare(this.wasm);
    this.look();
  }

  stop() {
    clearTimeout(this.timer);
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
    delete this.video.dataset.on;
  }

  get track() {
    return this.stream?.getVideoTracks()[0];
  }

  get hasTorch() {
    return Boolean(this.track?.getCapabilities?.().torch);
  }

  async torch(on) {
    await this.track?.applyConstraints({ advanced: [{ torch: on }] });
  }

  async look() {
    if (!this.isOn) return;
    try {
      if (this.video.readyState >= 2 && !document.hidden) await this.read();
    } catch {
      // A frame that cannot be read is no reason to stop looking.
    }
    if (this.isOn) this.timer = setTimeout(() => this.look(), EVERY_MS);
  }

  async read() {
    const scale = Math.min(1, 1280 / this.video.videoWidth);
    this.canvas.width = this.video.videoWidth * scale;
    this.canvas.height = this.video.videoHeight * scale;
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    const picture = context.getImageData(0, 0, this.canvas.width, this.canvas.height);
    const found = await ZXingWASM.readBarcodes(picture, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
    const now = Date.now();
    for (const code of found) {
      if (!code.isValid || !code.text) continue;
      const last = this.seen.get(code.text) ?? 0;
      this.seen.set(code.text, now);
      if (now - last > SAME_MS) this.onRead(code.text);
    }
  }
}

const video = document.getElementById("video");
const button = document.getElementById("camera-button");
const torchButton = document.getElementById("torch-button");
const choice = document.getElementById("camera-choice");
const OFF = "desk-camera";
const CHOSEN = "desk-camera-id";

function reason(error, camera) {
  if (!window.isSecureContext || !navigator.mediaDevices) return say("insecure");
  if (!camera) return say("noReader");
  if (error?.name === "NotAllowedError") return say("refused");
  if (error?.name === "NotFoundError" || error?.name === "OverconstrainedError") return say("missing");
  return error?.message ?? "";
}

// The camera with its buttons, started where it was not switched off before; {isOn, stop}, `isOn` null without a reader.
export function startCamera(wasm, hasReader, onRead) {
  const camera = hasReader ? new Camera(video, wasm, onRead) : null;

  async function start(deviceId, isQuiet = false) {
    document.querySelector("#camera .notice")?.remove();
    try {
      await camera.start(deviceId).catch((error) => {
        if (!deviceId || error.name !== "OverconstrainedError") throw error;
        return camera.start(); // the chosen one was unplugged
      });
      button.lastElementChild.textContent = button.dataset.stop;
      torchButton.hidden = !camera.hasTorch;
      const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
      choice.hidden = cameras.length < 2;
      choice.replaceChildren(...cameras.map((one, n) => new Option(one.label || `${n + 1}`, one.deviceId, false, one.deviceId === camera.track?.getSettings().deviceId)));
      localStorage.removeItem(OFF);
    } catch (error) {
      stop();
      if (isQuiet) return;
      const told = Object.assign(document.createElement("p"), { className: "notice", textContent: say("noCamera", { reason: reason(error, camera) }) });
      told.dataset.tone = "warning";
      document.getElementById("camera").append(told);
    }
  }

  function stop() {
    camera?.stop();
    button.lastElementChild.textContent = button.dataset.start;
    torchButton.hidden = true;
    choice.hidden = true;
  }

  document.getElementById("camera").hidden = false;
  button.addEventListener("click", () => {
    if (camera?.isOn) {
      stop();
      localStorage.setItem(OFF, "off");
    } else start(localStorage.getItem(CHOSEN) ?? undefined);
  });
  choice.addEventListener("change", () => {
    localStorage.setItem(CHOSEN, choice.value);
    start(choice.value);
  });
  let isLit = false;
  torchButton.addEventListener("click", () => camera.torch((isLit = !isLit)).catch(() => {}));
  if (localStorage.getItem(OFF) !== "off" && camera) start(localStorage.getItem(CHOSEN) ?? undefined, true);
  return { stop, state: () => (camera ? (camera.isOn ? "on" : "off") : "none") };
}
