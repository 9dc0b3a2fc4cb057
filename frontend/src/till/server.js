/** Asking the server: an answer, a refusal with its sentence, or no answer at all. */
import { emit } from "./bus.js";

const PATIENCE_MS = 10_000;

/** The server understood and said no; `message` is the sentence for the operator. */
export class Refusal extends Error {
  constructor(status, told) {
    super(told.message);
    Object.assign(this, told, { status });
  }
}

/** Nobody answered, or not the server itself: what was asked may or may not have happened. */
export class NoAnswer extends Error {}

let token = "";
let reachable = navigator.onLine;

export const isReachable = () => reachable;
export const isProved = () => token !== "";
export const proveBy = (operatorToken) => (token = operatorToken);

function nowReachable(answered) {
  if (answered === reachable) return;
  reachable = answered;
  emit("network");
}

addEventListener("offline", () => nowReachable(false));

/** Ask with GET, or with POST where there is a body. Throws Refusal or NoAnswer. */
export async function ask(path, body, { patience = PATIENCE_MS } = {}) {
  const { status, told } = await fetched(path, body, patience);
  if (status < 400) return told;
  if (status === 401) {
    if (told.code === "operator-unknown") token = "";
    emit(told.code);
  }
  throw new Refusal(status, told);
}

async function fetched(path, body, patience) {
  try {
    const response = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        "X-Till": "1",
        ...(token && { "X-Till-Operator": token }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(patience),
    });
    // A proxy's page or a crash is not an answer about this sale: it is asked again.
    if (response.status >= 500) throw new NoAnswer(String(response.status));
    const told = response.status === 204 ? {} : await response.json();
    nowReachable(true);
    return { status: response.status, told };
  } catch (failure) {
    nowReachable(false);
    throw failure instanceof NoAnswer ? failure : new NoAnswer(failure.message);
  }
}

/** Fetch a page of ours as a document, for its printable part. */
export async function page(path) {
  try {
    const response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!response.ok) throw new NoAnswer(String(response.status));
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch (failure) {
    throw failure instanceof NoAnswer ? failure : new NoAnswer(failure.message);
  }
}
