/** Reading a card by the camera: the browser's own reader where there is one, else jsQR (QR codes only). */
const FORMATS = ["ean_13", "qr_code"];
const EVERY_MS = 150;

/**
 * Show the camera in `video` and call `read(text)` for what it sees, `lost()` if it is taken away.
 *
 * Returns how to end it, and whether this browser reads the bars of a printed card too.
 */
export async function watch(video, { read, lost }) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  let ended = false;
  const end = () => {
    ended = true;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    for (const track of stream.getTracks()) track.addEventListener("ended", lost);
    video.srcObject = stream;
    await video.play();
    const { detect, readsBars } = await detector();
    const look = async () => {
      if (ended) return;
      const texts = video.readyState >= video.HAVE_CURRENT_DATA ? await detect(video).catch(() => []) : [];
      if (!ended) texts.forEach(read);
      setTimeout(look, EVERY_MS);
    };
    look();
    return { end, readsBars };
  } catch (failure) {
    end();
    throw failure;
  }
}

/** Which word says why a camera did not open. */
export function whyNot({ name }) {
  if (name === "NotAllowedError" || name === "SecurityError") return "camera-refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "camera-none";
  return "camera-lost";
}

async function detector() {
  if ("BarcodeDetector" in window) {
    const known = await BarcodeDetector.getSupportedFormats();
    const formats = FORMATS.filter((format) => known.includes(format));
    if (formats.length) {
      const reader = new BarcodeDetector({ formats });
      const detect = async (video) => (await reader.detect(video)).map(({ rawValue }) => rawValue);
      return { detect, readsBars: formats.includes("ean_13") };
    }
  }
  const { default: jsQR } = await import("jsqr");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const detect = async (video) => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = jsQR(data, width, height, { inversionAttempts: "dontInvert" });
    return found ? [found.data] : [];
  };
  return { detect, readsBars: false };
}
