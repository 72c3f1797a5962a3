// Finds codes in what the camera sees and in pictures, on this device: nothing is sent. What it finds goes into the
// form, where verifier.js checks it. docs/offline.md says whose reader this is, and why.

const PAUSE = 150, WIDEST = 4096, MOST_CODES = 8;
const SCALES = [1, 1.5]; // drawn larger, and so softer, most prints are read that are not read as they are

/** The reader of the browser's own if it knows QR codes, else none. */
async function ownReader() {
  try {
    if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (picture) => (await detector.detect(picture)).map((found) => found.rawValue);
  } catch { return null; }
}

/** Our own reader, fetched when it is first wanted. Throws where it cannot be had or run. */
async function packedReader(place) {
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: `${place}.js`, onload: resolve, onerror: () => reject(new Error("no reader")) });
    document.head.append(script);
  });
  const answer = await fetch(`${place}.wasm`, { headers: { Accept: "application/octet-stream" } });
  if (!answer.ok) throw new Error("no reader");
  const wasmBinary = await answer.arrayBuffer();
  await ZXingWASM.prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  const options = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: MOST_CODES };
  let turn = 0;
  return async (picture) => {
    // A camera goes on: its next picture gets the other scale.
    for (const scale of picture.videoWidth ? [SCALES[turn++ % SCALES.length]] : SCALES) {
      const found = await ZXingWASM.readBarcodes(pixels(picture, scale), options);
      if (found.length) return found.map((each) => each.text);
    }
    return [];
  };
}

function pixels(picture, scale) {
  const width = picture.videoWidth ?? picture.width, height = picture.videoHeight ?? picture.height;
  const part = Math.min(scale, WIDEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * part), Math.round(height * part)];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Keeps what an attempt came to, unless it failed: then the next one tries again. */
function once(attempt) {
  let held = null;
  return () => held ??= attempt().catch((error) => { held = null; throw error; });
}

const form = document.getElementById("check");
const video = document.getElementById("seen");
const [begin, end] = [document.getElementById("begin"), document.getElementById("end")];
const several = document.getElementById("several");
const own = once(ownReader), packed = once(() => packedReader(form.dataset.reader));

/** The codes in a picture, each once. */
async function codes(picture) {
  const found = await (await own())?.(picture).catch(() => []) ?? [];
  return [...new Set(found.length ? found : await (await packed())(picture))].filter(Boolean);
}

function tell(trouble) {
  for (const each of document.querySelectorAll("[data-trouble]")) each.hidden = each.dataset.trouble !== trouble;
}

/** An address without the long signed part in its middle. */
function short(text) {
  return text.replace(/(\/s\/.{6})[a-z2-7]{20,}(?=\/)/i, "$1…");
}

let last = 0; // the newest attempt: what an older one finds after it began is not taken

/** Begins anew. */
function clear() {
  tell("");
  document.getElementById("text").value = "";
  several.hidden = true;
  form.dispatchEvent(new Event("reset"));
  return ++last;
}

function check(text) {
  document.getElementById("text").value = text;
  form.requestSubmit();
}

/** One code is checked at once; of several somebody has to say which. */
function take(found) {
  if (found.length === 1) return check(found[0]);
  several.hidden = false;
  several.querySelector("ul").replaceChildren(...found.map((text) => {
    const [row, button] = ["li", "button"].map((name) => document.createElement(name));
    Object.assign(button, { type: "button", className: "second code", textContent: short(text), onclick: () => check(text) });
    row.append(button);
    return row;
  }));
}

async function ofPicture(file) {
  stop();
  const turn = clear();
  tell("working");
  let picture;
  try { picture = await createImageBitmap(file); } catch { return turn === last && tell("no-picture"); }
  try {
    const found = await codes(picture);
    if (turn !== last) return;
    tell(found.length ? "" : "no-code");
    if (found.length) take(found);
  } catch { if (turn === last) tell("no-reader"); } finally { picture.close(); }
}

function stop() {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
  video.hidden = end.hidden = true;
  begin.hidden = false;
}

async function watch() {
  const turn = clear();
  begin.disabled = true;
  try {
    const wanted = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } };
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted });
  } catch (error) {
    return turn === last && tell(error.name === "NotAllowedError" ? "refused" : "no-camera");
  } finally { begin.disabled = false; }
  if (document.hidden || turn !== last) return stop();
  [video.hidden, end.hidden, begin.hidden] = [false, false, true];
  await video.play();
  end.focus();
  try {
    const stream = video.srcObject;
    while (stream && video.srcObject === stream) {
      const found = video.videoWidth ? await codes(video) : [];
      if (found.length && video.srcObject === stream) {
        stop();
        return take(found);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  } catch {
    if (turn !== last) return;
    stop();
    tell("no-reader");
  }
}

for (const input of document.querySelectorAll("input[type=file]"))
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (file) await ofPicture(file);
    input.value = "";
  });
begin.addEventListener("click", watch);
end.addEventListener("click", () => { stop(); begin.focus(); });
document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
addEventListener("pagehide", stop);
document.getElementById("pictures").hidden = false;
document.getElementById("photo").hidden = !matchMedia("(pointer: coarse)").matches;
navigator.mediaDevices?.enumerateDevices().then((all) => {
  document.getElementById("camera").hidden = !all.some((device) => device.kind === "videoinput");
}, () => {});
