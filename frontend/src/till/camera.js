/** Reading a card by the camera: the browser's own reader where there is one, else jsQR (QR codes only). */
const FORMATS = ["ean_13", "qr_code"];
const EVERY_MS = 150;

/** Show the camera in `video` and call `read(text)` for what it sees; returns a function that ends it. */
export async function watch(video, read) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  video.srcObject = stream;
  await video.play();
  const detect = await detector();
  let ended = false;
  const look = async () => {
    if (ended) return;
    const texts = video.readyState >= video.HAVE_CURRENT_DATA ? await detect(video).catch(() => []) : [];
    if (!ended) texts.forEach(read);
    setTimeout(look, EVERY_MS);
  };
  look();
  return () => {
    ended = true;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
}

async function detector() {
  if ("BarcodeDetector" in window) {
    const known = await BarcodeDetector.getSupportedFormats();
    const formats = FORMATS.filter((format) => known.includes(format));
    if (formats.length) {
      const reader = new BarcodeDetector({ formats });
      return async (video) => (await reader.detect(video)).map(({ rawValue }) => rawValue);
    }
  }
  const { default: jsQR } = await import("jsqr");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    context.drawImage(video, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = jsQR(data, width, height, { inversionAttempts: "dontInvert" });
    return found ? [found.data] : [];
  };
}
