// Checks codes that were signed, without a network: docs/offline.md has their format. No library, no tracking.
// What it says to people stands in the page; here are only the names of these sentences.

const SUBJECT = 2, EXPIRES = 4, NOT_BEFORE = 5, ISSUED = 6, ABOUT = -65537;

export class NotOurs extends Error {}

/** What an address says if one of our keys signed it. Throws NotOurs with the name of a sentence. */
export async function verify(text, did) {
  const { token, tail, host } = takenApart(text);
  if (host !== hostOf(did)) throw new NotOurs("foreign");
  const [header, payload, signature] = signedPart(token);
  const said = decoded(header);
  if (!(said instanceof Map) || said.get(1) !== -7 || !(said.get(4) instanceof Uint8Array) || signature.length !== 64)
    throw new NotOurs("unreadable");
  const short = [...said.get(4)].join();
  const ours = asserting(did).filter((jwk) => [...base64url(jwk.kid).slice(0, 4)].join() === short);
  if (!ours.length) throw new NotOurs("unknown");
  const message = toBeSigned(header, new TextEncoder().encode(bound(tail)), payload);
  for (const { kty, crv, x, y } of ours) {
    const curve = { name: "ECDSA", namedCurve: "P-256" };
    const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, curve, false, ["verify"]);
    if (await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, message))
      return { tail, ...claimed(decoded(payload)) };
  }
  throw new NotOurs("changed");
}

/** The keys that sign what the registry asserts; none of a document from before each key said what it may sign. */
function asserting(did) {
  const names = new Set(did.assertionMethod);
  return did.verificationMethod.filter((each) => names.has(each.id)).map((each) => each.publicKeyJwk)
    .filter((jwk) => jwk.purpose === "credentials");
}

/** Whether an instant, in seconds, lies between the dates. */
export function holds(said, now) {
  return (said.notBefore ?? 0) <= now && now < (said.expires ?? Infinity);
}

function claimed(claims) {
  const [first, second] = claims.get(ABOUT);
  const certificate = second !== undefined;
  return {
    holder: claims.get(SUBJECT), issued: claims.get(ISSUED),
    expires: claims.get(EXPIRES), notBefore: claims.get(NOT_BEFORE),
    name: certificate ? undefined : first, standard: certificate ? first : undefined, scope: second,
  };
}

function takenApart(text) {
  let address;
  try { address = new URL(text.trim()); } catch { throw new NotOurs("other"); }
  const found = /^(.*)\/s\/([a-z2-7]+)\/(253|c|f)\/([^/]+)$/i.exec(address.pathname);
  if (!found) throw new NotOurs("other");
  const [, before, token, kind, value] = found;
  let end = value.toUpperCase();
  try { if (kind === "253") end = decodeURIComponent(value); } catch { throw new NotOurs("unreadable"); }
  return { token: token.toUpperCase(), tail: `${kind.toUpperCase()}/${end}`, host: (address.host + before).toLowerCase() };
}

function hostOf(did) {
  return did.id.replace("did:web:", "").split(":").map(decodeURIComponent).join("/").toLowerCase();
}

function bound(tail) {
  return tail.startsWith("253/") ? `(253)${tail.slice(4)}` : tail;
}

function signedPart(token) {
  try {
    const bytes = base32(token);
    const list = bytes[0] === 0xd2 ? decoded(bytes.subarray(1)) : null;
    const [header, open, payload, signature] = list;
    if (list.length !== 4 || open.size !== 0) throw new Error("other form");
    if (![header, payload, signature].every((part) => part instanceof Uint8Array)) throw new Error("other form");
    return [header, payload, signature];
  } catch { throw new NotOurs("unreadable"); }
}

/** CBOR of whole numbers, bytes, text, lists and maps, in the shortest form, all of it and nothing after it. */
export function decoded(bytes) {
  let at = 0;
  const take = (count) => {
    if (at + count > bytes.length) throw new NotOurs("unreadable");
    at += count;
    return bytes.subarray(at - count, at);
  };
  const value = (depth) => {
    const [first] = take(1);
    const kind = first >> 5, small = first & 31;
    if (depth > 8 || small > 27) throw new NotOurs("unreadable");
    let number = small;
    if (small > 23) {
      number = take(1 << (small - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
      if (number < [24, 2 ** 8, 2 ** 16, 2 ** 32][small - 24]) throw new NotOurs("unreadable");
    }
    switch (kind) {
      case 0: return number;
      case 1: return -1 - number;
      case 2: return take(number);
      case 3: return new TextDecoder("utf-8", { fatal: true }).decode(take(number));
      case 4: return Array.from({ length: bounded(number) }, () => value(depth + 1));
      case 5: return new Map(Array.from({ length: bounded(number) }, () => [value(depth + 1), value(depth + 1)]));
    }
    throw new NotOurs("unreadable");
  };
  const bounded = (count) => { if (count > bytes.length) throw new NotOurs("unreadable"); return count; };
  const found = value(0);
  if (at !== bytes.length) throw new NotOurs("unreadable");
  return found;
}

function toBeSigned(header, external, payload) {
  const parts = [new Uint8Array([0x84, 0x6a]), new TextEncoder().encode("Signature1")];
  for (const part of [header, external, payload]) {
    const size = part.length;
    parts.push(new Uint8Array(size < 24 ? [0x40 | size] : size < 256 ? [0x58, size] : [0x59, size >> 8, size & 255]), part);
  }
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => { whole.set(part, at); return at + part.length; }, 0);
  return whole;
}

function base32(text) {
  const bytes = [];
  let held = 0, bits = 0;
  for (const letter of text) {
    held = (held << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter)) & 0xffff;
    bits += 5;
    if (bits >= 8) { bits -= 8; bytes.push(held >> bits & 255); }
  }
  if (bits > 4 || held & (1 << bits) - 1) throw new Error("more than bytes");
  return new Uint8Array(bytes);
}

function base64url(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

// --- the page ---------------------------------------------------------------------------------------------------

function day(seconds) {
  const style = { dateStyle: "long", timeZone: "UTC" };
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(seconds * 1000));
}

function fill(facts) {
  for (const [name, text] of Object.entries(facts)) {
    const place = document.querySelector(`[data-fact="${name}"]`);
    place.textContent = text ?? "";
    place.parentElement.style.display = text === undefined ? "none" : "";
  }
}

function show(verdict, text = "") {
  for (const each of document.querySelectorAll("[data-verdict]")) each.hidden = each.dataset.verdict !== verdict;
  const said = document.getElementById("said");
  said.hidden = !["other", "foreign"].includes(verdict);
  document.querySelector("[data-verdict]:not([hidden])")?.scrollIntoView({ block: "nearest" });
  said.textContent = text; // never a link: anybody may have written it
}

let last = 0; // the newest check: an older one that ends after it says nothing

async function check(place, text) {
  const turn = ++last;
  const facts = document.getElementById("facts");
  facts.hidden = true;
  show("");
  try {
    const answer = await fetch(place.dataset.keys);
    if (!answer.ok) throw new Error("no keys");
    const kept = Date.parse(answer.headers.get("X-Kept") ?? "") / 1000 || Date.now() / 1000;
    const said = await verify(text, await answer.json());
    if (turn !== last) return;
    const dates = said.expires === undefined ? {} : { start: day(said.notBefore), end: day(said.expires - 1) };
    const none = { start: undefined, end: undefined };
    fill({ ...none, ...dates, code: said.tail.slice(said.tail.indexOf("/") + 1), holder: said.holder, name: said.name,
      standard: said.standard, scope: said.scope, issued: day(said.issued), keys: day(kept) });
    facts.hidden = false;
    show(said.expires === undefined ? "signed" : holds(said, Date.now() / 1000) ? "good" : "dates");
  } catch (error) {
    if (turn !== last) return;
    show(error instanceof NotOurs ? error.message : "no-keys", text);
  }
}

if (typeof document !== "undefined") {
  const form = document.getElementById("check");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check(form, document.getElementById("text").value);
  });
  form.addEventListener("reset", () => {
    ++last;
    document.getElementById("facts").hidden = true;
    show("");
  });
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.scope });
    navigator.serviceWorker.ready.then(() => { document.getElementById("ready").hidden = false; });
    fetch(form.dataset.keys).catch(() => {}); // with a network, the worker keeps the keys of today
  }
}
