/**
 * A `.tlog-proof` checked by the browser alone: that what it shows is recorded in the log.
 *
 * The format, and the norms behind it, are those of verifier/README.md. Nothing is sent anywhere.
 */
const HEADER = "c2sp.org/tlog-proof@v1";
const NOTE_KEY = 0x01;
const WITNESS_KEY = 0x04;
const SALT_BYTES = 32;
const HASH_BYTES = 32;
const LATEST_SECOND = 253_402_300_799n; // The end of the year 9999.
const NUMBER = /^(0|[1-9][0-9]{0,18})$/;
const SIGNATURE = /^— ([^\s+]+) (\S+)$/u;

/** Why a proof does not hold: "unreadable", "forged", "witnesses", "other"; or "unable" to tell. */
export class Refusal extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

const refuse = (code) => {
  throw new Refusal(code);
};

const utf8 = (text) => new TextEncoder().encode(text);
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The bytes that `text` is the one base64 spelling of. */
function bytes(text) {
  let raw;
  try {
    raw = atob(text);
  } catch {
    refuse("unreadable");
  }
  if (btoa(raw) !== text) refuse("unreadable");
  return Uint8Array.from(raw, (each) => each.charCodeAt(0));
}

function number(text) {
  return NUMBER.test(text) ? BigInt(text) : refuse("unreadable");
}

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
const node = (left, right) => sha256([1], left, right);

async function readKey(vkey, kind) {
  const [name, id, ...rest] = vkey.split("+");
  const material = bytes(rest.join("+"));
  const keyId = (await sha256(utf8(`${name}\n`), material)).slice(0, 4);
  const spelt = Array.from(keyId, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!name || material.length !== 33 || material[0] !== kind || id !== spelt) refuse("unreadable");
  try {
    const key = await crypto.subtle.importKey("raw", material.slice(1), "Ed25519", false, ["verify"]);
    return { name, keyId, verifies: (made, text) => crypto.subtle.verify("Ed25519", key, made, text) };
  } catch (error) {
    return refuse(error.name === "NotSupportedError" ? "unable" : "unreadable");
  }
}

function readProof(text) {
  const end = text.indexOf("\n\n");
  const lines = text.slice(0, end).split("\n");
  if (end < 0 || lines.shift() !== HEADER || !lines[0]?.startsWith("extra ")) refuse("unreadable");
  const extra = bytes(lines.shift().slice("extra ".length));
  const index = /^index (.+)$/.exec(lines.shift() ?? "") ?? refuse("unreadable");
  const path = lines.map(bytes);
  if (extra.length <= SALT_BYTES || path.length > 63 || path.some((hash) => hash.length !== HASH_BYTES)) {
    refuse("unreadable");
  }
  return {
    salt: extra.slice(0, SALT_BYTES),
    payload: extra.slice(SALT_BYTES),
    index: number(index[1]),
    path,
    note: text.slice(end + 2),
  };
}

function readNote(note) {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n") || /[\0-\x09\x0b-\x1f]/.test(note)) refuse("unreadable");
  const signatures = note
    .slice(end + 2, -1)
    .split("\n")
    .map((line) => {
      const [, name, encoded] = SIGNATURE.exec(line) ?? refuse("unreadable");
      const made = bytes(encoded);
      return { name, keyId: made.slice(0, 4), made: made.slice(4) };
    });
  return { text: note.slice(0, end + 1), signatures };
}

const by = (key, { signatures }) => signatures.filter((each) => each.name === key.name && same(each.keyId, key.keyId));

async function readCheckpoint(note, key) {
  const signed = by(key, note);
  if (!signed.length) refuse("forged");
  for (const { made } of signed) if (!(await key.verifies(made, utf8(note.text)))) refuse("forged");
  const [origin, size, root, ...rest] = note.text.split("\n");
  if (origin !== key.name || rest.length !== 1) refuse("unreadable");
  return { size: number(size ?? ""), root: bytes(root ?? "") };
}

async function witnessed(key, note) {
  const signed = by(key, note);
  for (const { made } of signed) {
    if (made.length !== 72) refuse("forged");
    const second = new DataView(made.buffer).getBigUint64(0);
    const text = utf8(`cosignature/v1\ntime ${second}\n${note.text}`);
    if (second > LATEST_SECOND || !(await key.verifies(made.slice(8), text))) refuse("forged");
  }
  return signed.length > 0;
}

async function entryOf({ salt, payload }) {
  let kind;
  try {
    kind = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload)).kind;
  } catch {
    refuse("unreadable");
  }
  if (typeof kind !== "string" || !/^[A-Za-z]$/.test(kind)) refuse("unreadable");
  const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return joined([1], utf8(kind), new Uint8Array(await crypto.subtle.sign("HMAC", key, payload)));
}

/** The root that an inclusion proof leads to from a leaf's hash (RFC 6962 §2.1.1). */
async function rootFrom(leaf, index, size, path) {
  let root = leaf;
  let last = size - 1n;
  for (const sibling of path) {
    if (last === 0n) return null;
    if (index % 2n || index === last) {
      root = await node(sibling, root);
      for (; index && index % 2n === 0n; index /= 2n) last /= 2n;
    } else {
      root = await node(root, sibling);
    }
    index /= 2n;
    last /= 2n;
  }
  return last === 0n ? root : null;
}

/**
 * What the proof proves: `{index, size, payload, witnesses}`, a text for the payload and the names of
 * those witnesses, given by their vkeys, that signed. Throws Refusal.
 */
export async function checkProof({ proof, vkey, witnesses = [], quorum = 0 }) {
  if (!globalThis.crypto?.subtle) refuse("unable");
  const key = await readKey(vkey, NOTE_KEY);
  const known = await Promise.all(witnesses.map((each) => readKey(each, WITNESS_KEY)));
  const read = readProof(proof);
  const note = readNote(read.note);
  const checkpoint = await readCheckpoint(note, key);
  const names = new Set();
  for (const each of known) if (await witnessed(each, note)) names.add(each.name);
  // Written so that a quorum which is no number refuses too.
  if (!(names.size >= quorum)) refuse("witnesses");
  const leaf = await sha256([0], await entryOf(read));
  const within = read.index < checkpoint.size;
  const root = within && (await rootFrom(leaf, read.index, checkpoint.size, read.path));
  if (!root || !same(root, checkpoint.root)) refuse("other");
  return {
    index: String(read.index),
    size: String(checkpoint.size),
    payload: new TextDecoder().decode(read.payload),
    witnesses: [...names],
  };
}
