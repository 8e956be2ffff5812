// Reads QR codes from the camera with zxing-wasm, every 100 ms; one code is told once until it has been out of sight.

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
