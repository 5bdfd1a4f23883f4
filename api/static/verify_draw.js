// Verify the transcript of a random draw (steelyard-draw-1): in a browser, or `node verify_draw.js FILE [PLAN_HASH]`.
//
// Everything is computed again from the frozen lists, the revealed nonces and the public number, and the first
// difference is told in a sentence. Nothing is loaded and nothing is sent; the file shares no code with the program
// that draws nor with verify_draw.py. Strings are compared by code points, which is the order of their UTF-8 bytes,
// and not by UTF-16 units, as JavaScript would.
"use strict";

const ALGORITHM = "steelyard-draw-1";

class Differs extends Error {}

function need(condition, sentence) {
  if (!condition) throw new Differs(sentence);
}

function short(value) {
  const text = typeof value === "bigint" ? String(value) : JSON.stringify(value) ?? String(value);
  return text.length > 100 ? text.slice(0, 99) + "…" : text;
}

// ---- SHA-256 -------------------------------------------------------------------------------------------------------

const PRIMES = (() => {
  const found = [];
  for (let n = 2; found.length < 64; n++) if (found.every((p) => n % p)) found.push(n);
  return found;
})();

function firstBits(root) {
  // the first 32 bits of the fraction of the square or cube root of a prime, exactly
  return (prime) => {
    const scaled = BigInt(prime) << BigInt(32 * root);
    let low = 0n, high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(root) <= scaled) low = middle; else high = middle;
    }
    return Number(low & 0xffffffffn) | 0;
  };
}

const ROUND = Int32Array.from(PRIMES.map(firstBits(3)));
const START = Int32Array.from(PRIMES.slice(0, 8).map(firstBits(2)));
const SCHEDULE = new Int32Array(64);

function sha256(bytes) {
  const length = ((bytes.length + 8) >> 6) * 64 + 64;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(length - 4, (bytes.length << 3) >>> 0);
  const state = Int32Array.from(START);
  for (let at = 0; at < length; at += 64) block(view, at, state);
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setInt32(4 * i, word));
  return new Uint8Array(out.buffer);
}

function block(view, at, state) {
  const w = SCHEDULE;
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15], y = w[i - 2];
    w[i] = w[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + w[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] += word; });
}

const encoder = new TextEncoder();

function hash(...parts) {
  const bytes = parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const joined = new Uint8Array(bytes.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of bytes) { joined.set(part, at); at += part.length; }
  return sha256(joined);
}

const byte = (n) => Uint8Array.of(n);
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));

// ---- strict JSON ---------------------------------------------------------------------------------------------------

function parse(bytes) {
  let source, at = 0;
  try {
    source = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    need(false, "the file is not UTF-8");
  }
  const fail = (what) => need(false, `the file is not JSON: ${what} at character ${at + 1}`);
  const blank = () => { while (" \t\n\r".includes(source[at] || "x")) at++; };
  const took = (token) => source.startsWith(token, at) && ((at += token.length), true);

  function value(depth) {
    if (depth > 500) fail("nested too deeply");
    blank();
    const found = took("{") ? object(depth) : took("[") ? array(depth) : source[at] === '"' ? string()
      : took("true") ? true : took("false") ? false : took("null") ? null : number();
    blank();
    return found;
  }

  function object(depth) {
    const found = new Map();
    blank();
    if (took("}")) return {};
    do {
      blank();
      const name = string();
      need(!found.has(name), `an object has the name ${short(name)} twice`);
      blank();
      if (!took(":")) fail("no colon");
      found.set(name, value(depth + 1));
    } while (took(","));
    if (!took("}")) fail("no closing brace");
    const plain = Object.create(null);
    for (const [name, held] of found) plain[name] = held;
    return plain;
  }

  function array(depth) {
    const found = [];
    blank();
    if (took("]")) return found;
    do found.push(value(depth + 1)); while (took(","));
    if (!took("]")) fail("no closing bracket");
    return found;
  }

  function string() {
    const pattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (!found) fail("no string");
    at += found[0].length;
    return JSON.parse(found[0]);
  }

  function number() {
    const pattern = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (!found) fail("no value");
    need(!found[1] && !found[2], `the number ${short(found[0])} is not written as a whole number`);
    need(found[0].length <= 17 && Number.isSafeInteger(Number(found[0])), `the number ${short(found[0])} is outside ±(2^53 − 1)`);
    at += found[0].length;
    return Number(found[0]) + 0;
  }

  const found = value(0);
  if (at < source.length) fail("something follows");
  return found;
}

// ---- texts ---------------------------------------------------------------------------------------------------------

const LIKE = { 9: "\u094d", 220: "\u0316", 230: "\u033e", 232: "\u0358" };
const GUISE = new Map();
for (const [place, codes] of [[9, [0x11f41, 0x11f42]], [220, [0x10efd, 0x10efe, 0x10eff, 0x1e4ee]],
  [230, [0x1e08f, 0x1e4ef]], [232, [0x1e4ec, 0x1e4ed]]]) for (const code of codes) GUISE.set(code, LIKE[place]);
for (const span of ("5C8-5C9 897 1ACF-1AF0 105C9 105D2 105DA 105E4 10D69-10D6D 10ECB-10ECF 10EF0-10EFB 11382-11385 1138B "
  + "1138E 11390-11391 113B8 113BB 113C2 113C5 113C7-113C9 113CE-113D0 1611E-16129 1612F 16D63 16D67-16D6A 1D127-1D128 "
  + "1D250-1D252 1D25B-1D25C 1D25F 1D280-1D281 1E5EE-1E5EF 1E6E3 1E6E6 1E6EE-1E6EF 1E6F5").split(" ")) {
  const [low, high = low] = span.split("-").map((code) => parseInt(code, 16));
  for (let code = low; code <= high; code++) GUISE.set(code, "\ue000");
}

function normal(text) {
  // NFC as Unicode 15.0 decides: newer marks in the guise of older ones, what came later as nothing special
  const plain = Array.from(text, (c) => GUISE.get(c.codePointAt(0)) ?? c).join("");
  return plain.normalize("NFC") === plain;
}

const broken = (text) => /[\ud800-\udfff]/u.test(text);

function text(low, high) {
  return (value, path) => {
    need(typeof value === "string", `${path} is ${short(value)}, not a string`);
    if (!/^[\x20-\x7e]*$/.test(value)) {
      need(!broken(value), `${path} is not valid Unicode`);
      need(!/[\u0000-\u001f\u007f-\u009f]/.test(value), `${path} contains a control character`);
      need(normal(value), `${path} is not in NFC: ${short(value)}`);
    }
    const length = high < Infinity || low ? Array.from(value).length : 0;
    need(length >= low && length <= high, `${path} has ${length} characters, not ${low} to ${high}`);
  };
}

function compare(a, b) {
  // by code points: surrogates stand for characters above all others
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i), y = b.charCodeAt(i);
    if (x !== y) return (x >= 0xd800 && x < 0xe000 ? x + 0x10000 : x) - (y >= 0xd800 && y < 0xe000 ? y + 0x10000 : y);
  }
  return a.length - b.length;
}

// ---- forms ---------------------------------------------------------------------------------------------------------

const anyText = text(0, Infinity), name = text(1, 128), filled = text(1, Infinity);

const whole = (low) => (value, path) =>
  need(Number.isInteger(value) && value >= low, `${path} is ${short(value)}, not a whole number from ${low}`);
const words = (...list) => (value, path) => need(list.includes(value), `${path} is ${short(value)}, not one of ${short(list)}`);
const like = (pattern) => (value, path) =>
  need(typeof value === "string" && pattern.test(value), `${path} is ${short(value)}, which has not its form`);
const maybe = (form) => (value, path) => value === null || form(value, path);
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function record(fields) {
  const names = Object.keys(fields);
  return (value, path) => {
    need(isObject(value), `${path} is ${short(value)}, not an object`);
    for (const field of names) need(field in value, `${path} lacks the member ${field}`);
    for (const field in value) need(field in fields, `${path} must not have the member ${short(field)}`);
    for (const field of names) fields[field](value[field], `${path}.${field}`);
  };
}

function list(form, order) {
  return (value, path) => {
    need(Array.isArray(value), `${path} is ${short(value)}, not a list`);
    value.forEach((one, n) => form(one, `${path}[${n}]`));
    for (let n = 1; order && n < value.length; n++)
      need(order(value[n - 1], value[n]) < 0, `${path}[${n}] is out of order or stands twice`);
  };
}

const by = (key) => (a, b) => compare(a[key], b[key]);
const byPair = (a, b) => compare(a[0], b[0]) || compare(a[1], b[1]);
const byPosition = (a, b) => a.position - b.position;
const hash64 = like(/^[0-9a-f]{64}$/);
const region = like(/^(?!000000)[0-9]{6}$/);

function time(value, path) {
  like(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z$/)(value, path);
  const [year, month, day] = value.slice(0, 10).split("-").map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  need(day >= 1 && day <= days, `${path} is ${value}, a day that does not exist`);
}

function ratio(value, path) {
  like(/^(0|[1-9][0-9]*)\/([1-9][0-9]*)$/)(value, path);
  let [p, q] = value.split("/").map(BigInt);
  need(p <= q, `${path} is ${short(value)}, more than 1/1`);
  while (q) [p, q] = [q, p % q];
  need(p === 1n, `${path} is ${short(value)}, which is not reduced`);
}

function filter(value, path) {
  need(isObject(value), `${path} is ${short(value)}, not an object`);
  for (const key in value) {
    anyText(key, `a name in ${path}`);
    for (const one of Array.isArray(value[key]) ? value[key] : [value[key]])
      if (typeof one === "string") anyText(one, `${path}.${key}`);
      else need(typeof one === "boolean" || Number.isInteger(one), `${path}.${key} holds ${short(one)}`);
  }
}

function pair(value, path) {
  need(Array.isArray(value) && value.length === 2, `${path} is ${short(value)}, not [inspector, object]`);
  value.forEach((id) => name(id, path));
}

const FREEZE = record({
  algorithm: words(ALGORITHM), campaign: name, replaces: maybe(name),
  item: record({ code: anyText, kind: words("general", "key"), skill: maybe(anyText), directed: words(true, false), filter }),
  objects_root: hash64, objects_size: whole(0),
  strata: list(record({ key: name, ratio, size: whole(0), sample: whole(0) }), by("key")),
  inspectors_root: hash64, inspectors_size: whole(0), conflicts_root: hash64, conflicts_size: whole(0),
  team: whole(2), policy: maybe(record({ id: name, hash: hash64 })),
  entropy: record({
    parties: list(record({ name, commitment: hash64 })), reveal_by: time,
    public: maybe(record({ source: anyText, at: time, format: anyText })),
  }),
  excluded: list(record({ object: name, reason: filled }), by("object")), frozen_at: time,
});

const TRANSCRIPT = record({
  freeze: FREEZE, plan_hash: hash64, seed: hash64, reveals: list(record({ name, nonce: hash64 })),
  public_text: maybe((value, path) => need(typeof value === "string", `${path} is ${short(value)}`)),
  objects: maybe(list(record({ object: name, region, stratum: name }), by("object"))),
  inspectors: maybe(list(record({
    inspector: name, regions: list(region, compare), skills: list(anyText, compare), cap: whole(0),
  }), by("inspector"))),
  conflicts: maybe(list(pair, byPair)),
  drawn: list(record({ object: name, stratum: name, ticket: hash64, order: whole(1) })),
  substitutes: (value, path) => need(isObject(value), `${path} is not an object`),
  assignments: maybe(list(record({ object: name, inspectors: list(name) }))),
  loads: maybe(list(record({ inspector: name, eligible: whole(0), load: whole(0) }), by("inspector"))),
  failed: maybe(record({
    objects: list(name), inspectors: list(name, compare), needed: whole(0), available: whole(0),
    removed: record({ skill: whole(0), region: whole(0), conflict: whole(0) }),
  })),
  replacements: list(record({
    kind: words("substitution", "recusal"), object: name, out: maybe(name), in: maybe(name), reason: filled, at: time,
    position: whole(1),
  }), byPosition),
  ledger: list(record({ position: whole(1), type: like(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/), at: time }), byPosition),
});

// ---- canonical JSON, Merkle trees, I-Regexp ------------------------------------------------------------------------

function jcs(value) {
  if (Array.isArray(value)) return `[${value.map(jcs).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${jcs(value[key])}`).join(",")}}`;
}

function tree(rows) {
  let level = rows.map((row) => hash(byte(0), jcs(row)));
  if (!level.length) return hash("");
  while (level.length > 1) {
    const above = [];
    for (let i = 0; i < level.length; i += 2)
      above.push(i + 1 < level.length ? hash(byte(1), level[i], level[i + 1]) : level[i]);
    level = above;
  }
  return level[0];
}

function iregexp(source) {
  // a pattern of JavaScript with the same meaning; its own specialities are escaped
  const ESCAPE = String.raw`\\[nrt()*+\-.?\[\\\]^{|}]`, PLAIN = String.raw`[^\-\[\\\]]`;
  const ONE = `(?:${ESCAPE}|${PLAIN})(?:-(?:${ESCAPE}|${PLAIN}))?`;
  const token = new RegExp(
    `(?<escape>${ESCAPE})|(?<set>\\[\\^?(?:-|${ONE})(?:${ONE})*-?\\])|(?<count>[*+?]|\\{[0-9]+(?:,[0-9]*)?\\})`
    + String.raw`|(?<group>[()|])|(?<any>\.)|(?<plain>[^()*+.?\[\\\]{|}])`, "uy");
  const safe = (text) => (/[nrt]/.test(text[1]) ? text : `\\u{${text.codePointAt(1).toString(16)}}`);
  const literal = (text) => `\\u{${text.codePointAt(0).toString(16)}}`;
  const inner = (set) => set.slice(1, -1).replace(new RegExp(`${ESCAPE}|[&~|$^.*+?(){}/]`, "gu"),
    (part, at) => (part.length > 1 ? safe(part) : part === "^" && at === 0 ? part : literal(part)));
  let out = "", depth = 0, countable = false;
  for (let at = 0; at < source.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(source)?.groups;
    need(found, `freeze.entropy.public.format is no I-Regexp at unit ${at + 1}`);
    need(!found.count || countable, "freeze.entropy.public.format has a quantity without anything before it");
    if (found.group) depth += { "(": 1, ")": -1, "|": 0 }[found.group];
    need(depth >= 0, "freeze.entropy.public.format closes a group that was not opened");
    countable = !found.count && found.group !== "(" && found.group !== "|";
    out += found.group === "(" ? "(?:" : found.group ?? found.count ?? (found.any ? "[^\\n\\r]"
      : found.escape ? safe(found.escape) : found.set ? `[${inner(found.set)}]` : literal(found.plain));
  }
  need(depth === 0, "freeze.entropy.public.format does not close a group");
  try {
    return new RegExp(`^(?:${out})$`, "u");
  } catch (error) {
    return need(false, `freeze.entropy.public.format is no I-Regexp: ${error.message}`);
  }
}

// ---- the checks ----------------------------------------------------------------------------------------------------

const covers = (code, other) => other.startsWith(code.replace(/(00)+$/, ""));
const count = (items) => items.reduce((sums, item) => sums.set(item, (sums.get(item) || 0) + 1), new Map());
const same = (a, b) => jcs(a) === jcs(b);

function checkFreeze({ freeze }, report) {
  need(freeze.replaces !== freeze.campaign, "freeze.replaces names the campaign itself");
  for (const { key, ratio: fraction, size, sample } of freeze.strata) {
    const [p, q] = fraction.split("/").map(BigInt);
    need(BigInt(sample) === (BigInt(size) * p + q - 1n) / q, `${fraction} of ${size} objects, rounded up, is not ${sample} (${key})`);
  }
  const total = freeze.strata.reduce((sum, stratum) => sum + stratum.size, 0);
  need(total === freeze.objects_size, `the strata have ${total} objects, the freeze ${freeze.objects_size}`);
  const { parties, reveal_by: by, public: number } = freeze.entropy;
  need(parties.length >= 2, "fewer than two parties give a nonce");
  for (const member of ["name", "commitment"])
    need(new Set(parties.map((party) => party[member])).size === parties.length, `two parties have the same ${member}`);
  need(freeze.frozen_at < by, "freeze.entropy.reveal_by is not after frozen_at");
  if (number) need(number.at > by, "the public number is fixed before all have revealed");
  else report.notes.push("without a public number the last party to reveal could have aborted the draw knowingly");
}

function checkSeed({ freeze, plan_hash: plan, reveals, public_text: number, seed }, report, published) {
  const found = hash(jcs(freeze));
  need(plan === hex(found), `plan_hash is ${plan}, the freeze has ${hex(found)}`);
  if (published) need(published === plan, `the plan hash published was ${published}, the freeze has ${plan}`);
  else report.notes.push(`compare the plan hash with the one published at the freeze: ${plan}`);
  const { parties, public: announced } = freeze.entropy;
  need(same(reveals.map((r) => r.name), parties.map((p) => p.name)), "the nonces are not those of the parties in order");
  parties.forEach((party, n) => {
    const made = hash(byte(2), freeze.campaign, byte(0), party.name, byte(0), unhex(reveals[n].nonce));
    need(hex(made) === party.commitment, `${party.name} committed to another nonce`);
  });
  need((announced === null) === (number === null), "public_text must be given exactly where a number was announced");
  if (announced) {
    need(!broken(number), "public_text is not valid Unicode");
    need(iregexp(announced.format).test(number), `public_text ${short(number)} has not the form ${announced.format}`);
  }
  const made = hash(ALGORITHM, byte(0), found, ...reveals.map((r) => unhex(r.nonce)), number ?? "");
  need(seed === hex(made), `seed is ${seed}, computed is ${hex(made)}`);
  return made;
}

function checkLists(all, report) {
  const { freeze } = all;
  for (const part of ["objects", "inspectors", "conflicts"]) {
    if (all[part] === null) {
      report.unchecked.push(`the frozen list of ${part} is not published; its root is ${freeze[part + "_root"]}`);
      continue;
    }
    need(all[part].length === freeze[part + "_size"], `${part} has ${all[part].length} rows, the freeze says ${freeze[part + "_size"]}`);
    need(hex(tree(all[part])) === freeze[part + "_root"], `${part} is not the list that was frozen: its root differs`);
  }
  if (all.objects) {
    const sizes = count(all.objects.map((row) => row.stratum));
    for (const { key, size } of freeze.strata) {
      need((sizes.get(key) || 0) === size, `stratum ${key} has ${sizes.get(key) || 0} objects, not ${size}`);
      sizes.delete(key);
    }
    need(!sizes.size, "objects stand in strata that were not frozen");
    const listed = new Set(all.objects.map((row) => row.object));
    for (const { object } of freeze.excluded) need(!listed.has(object), `${object} is excluded and listed`);
  }
  for (const [part, place, key] of [["inspectors", 0, "inspector"], ["objects", 1, "object"]]) {
    if (!all.conflicts || !all[part]) continue;
    const known = new Set(all[part].map((row) => row[key]));
    for (const row of all.conflicts) need(known.has(row[place]), `conflicts names ${row[place]}, which is not among the ${part}`);
  }
}

function checkSelection(all, seed) {
  const { freeze, drawn, substitutes, objects } = all;
  const ticket = (id) => hex(hash(seed, byte(0), id));
  const keys = freeze.strata.map((stratum) => stratum.key);
  need(same(Object.keys(substitutes).sort(compare), keys), "substitutes does not name every stratum once");
  const chosen = new Map(keys.map((key) => [key, []]));
  drawn.forEach((one, n) => {
    need(one.order === n + 1, `drawn[${n}] has order ${one.order}, not ${n + 1}`);
    need(chosen.has(one.stratum), `${one.object} was drawn in ${one.stratum}, which was not frozen`);
    need(one.ticket === ticket(one.object), `the ticket of ${one.object} is ${ticket(one.object)}, not ${one.ticket}`);
    need(!n || drawn[n - 1].ticket < one.ticket, `the inspection order is not by ticket at ${n + 1}`);
    chosen.get(one.stratum).push(one);
  });
  const ranked = new Map(keys.map((key) => [key, []]));
  for (const row of objects ?? []) ranked.get(row.stratum).push({ object: row.object, ticket: ticket(row.object) });
  for (const { key, size, sample } of freeze.strata) {
    const waiting = substitutes[key];
    list(record({ object: name, ticket: hash64 }))(waiting, `substitutes of ${key}`);
    need(chosen.get(key).length === sample, `${chosen.get(key).length} objects of ${key} were drawn, not ${sample}`);
    const length = Math.min(size - sample, Math.max(10, sample));
    need(waiting.length === length, `${key} has ${waiting.length} substitutes, not ${length}`);
    for (const one of waiting) need(one.ticket === ticket(one.object), `the ticket of the substitute ${one.object} is another`);
    const chain = [...chosen.get(key), ...waiting];
    for (let n = 1; n < chain.length; n++)
      need(chain[n - 1].ticket < chain[n].ticket, `in ${key}, ${chain[n].object} must not come after ${chain[n - 1].object}`);
    ranked.get(key).sort((a, b) => (a.ticket < b.ticket ? -1 : 1));
    if (objects) chain.forEach((one, n) =>
      need(one.object === ranked.get(key)[n].object, `place ${n + 1} of ${key} by ticket is ${ranked.get(key)[n].object}`));
  }
  return ranked;
}

class Eligibility {
  constructor({ freeze, objects, inspectors, conflicts }) {
    const { skill } = freeze.item;
    this.regions = new Map(objects.map((row) => [row.object, row.region]));
    this.caps = new Map(inspectors.map((row) => [row.inspector, row.cap]));
    this.skilled = inspectors.filter((row) => skill === null || row.skills.includes(skill));
    this.refused = new Map();
    for (const [inspector, object] of conflicts)
      this.refused.set(object, (this.refused.get(object) ?? new Set()).add(inspector));
    this.local = new Map();
  }

  reaching(object) {
    const code = this.regions.get(object);
    if (!this.local.has(code))
      this.local.set(code, this.skilled.filter((row) => row.regions.some((one) => covers(one, code))).map((row) => row.inspector));
    return this.local.get(code);
  }

  of(object) {
    const refused = this.refused.get(object);
    return refused ? this.reaching(object).filter((inspector) => !refused.has(inspector)) : this.reaching(object);
  }
}

function checkStaffing(all, seed, ranked) {
  const { freeze, drawn, assignments, loads, failed, replacements } = all;
  const eligibility = new Eligibility(all);
  for (const object of eligibility.regions.keys()) {
    const found = eligibility.of(object).filter((inspector) => eligibility.caps.get(inspector) > 0).length;
    need(found >= freeze.team, `${object} has ${found} eligible inspectors, fewer than a team: it must not be listed`);
  }
  const order = drawn.map((one) => one.object);
  if (failed) {
    need(assignments === null && loads === null && !replacements.length, "a failed draw has teams, loads or replacements");
    checkFailed(all, order, eligibility);
    return;
  }
  need(assignments && loads, "assignments or loads is missing, and the draw is not called failed");
  need(same(assignments.map((one) => one.object), order), "assignments is not in inspection order");
  for (const { object, inspectors } of assignments) {
    const able = new Set(eligibility.of(object));
    need(inspectors.length === freeze.team && new Set(inspectors).size === freeze.team, `${object} has not a team of ${freeze.team}`);
    for (const inspector of inspectors) need(able.has(inspector), `${inspector} is not eligible for ${object}`);
  }
  const load = count(assignments.flatMap((one) => one.inspectors));
  const able = count(order.flatMap((object) => eligibility.of(object)));
  const right = [...eligibility.caps.keys()].map((inspector) =>
    ({ inspector, eligible: able.get(inspector) || 0, load: load.get(inspector) || 0 }));
  need(loads.length === right.length, "loads does not name every frozen inspector");
  right.forEach((one, n) => {
    need(same(one, loads[n]), `loads says ${short(loads[n])}, computed is ${short(one)}`);
    need(one.load <= eligibility.caps.get(one.inspector), `${one.inspector} is above the cap`);
  });
  checkEven(assignments, eligibility, load, seed);
  checkReplacements(all, eligibility, load, seed, ranked);
}

function checkEven(assignments, eligibility, load, seed) {
  // The published teams are at hand all the time: they must be even, and nobody with a smaller lot may have been possible.
  const inspectors = [...eligibility.caps.keys()];
  const bit = new Map(inspectors.map((inspector, n) => [inspector, 1n << BigInt(n)]));
  const bits = (some) => some.reduce((sum, inspector) => sum | bit.get(inspector), 0n);
  const loadOf = (inspector) => load.get(inspector) || 0;
  const open = inspectors.filter((inspector) => loadOf(inspector) < eligibility.caps.get(inspector));
  const groups = new Map();
  const grouped = (able) => groups.get(able) ?? groups.set(able, bits(able)).get(able);
  const places = assignments.map(({ object, inspectors: team }) =>
    ({ object, team, free: bits(team), takers: grouped(eligibility.of(object)) & ~bits(team) }));
  const spread = (found, from, to) => {
    for (let before; before !== found;) {
      before = found;
      for (const place of places) if (place[from] & found) found |= place[to];
    }
    return found;
  };
  for (const high of new Set(load.values())) {
    const found = spread(bits(inspectors.filter((inspector) => loadOf(inspector) >= high)), "free", "takers");
    for (const inspector of open)
      need(!(found & bit.get(inspector)) || loadOf(inspector) > high - 2,
        `the loads are not even: ${inspector} has ${loadOf(inspector)}, others have ${high}`);
  }
  const possible = (start) => {
    const found = spread(start, "takers", "free");
    const losing = new Set(inspectors.filter((inspector) => found & bit.get(inspector)).map(loadOf));
    return spread(found | bits(open.filter((inspector) => losing.has(loadOf(inspector) + 1))), "takers", "free");
  };
  for (const place of places.slice()) {
    const lots = new Map(eligibility.of(place.object).map((i) => [i, hex(hash(seed, byte(1), place.object, byte(0), i))]));
    const given = new Set();
    place.team.forEach((member, n) => {
      const smaller = [...lots.keys()].filter((i) => !given.has(i) && lots.get(i) < lots.get(member));
      const found = smaller.length ? possible(place.free) : 0n;
      for (const inspector of smaller)
        need(!(found & bit.get(inspector)), `place ${n + 1} of ${place.object} belongs to ${inspector}, whose lot is smaller `
          + `than that of ${member} and who keeps the load as even`);
      given.add(member);
      place.free &= ~bit.get(member);
    });
    places.shift();
  }
}

function checkFailed({ freeze, failed }, order, eligibility) {
  const blocked = blocking(order, eligibility, freeze.team);
  need(blocked.size, "the draw is called failed, but it can be staffed");
  const objects = order.filter((object) => blocked.has(object));
  const able = count(objects.flatMap((object) => eligibility.of(object)));
  const removed = { skill: 0, region: 0, conflict: 0 };
  for (const object of objects) {
    const reaching = eligibility.reaching(object).length;
    removed.skill += eligibility.caps.size - eligibility.skilled.length;
    removed.region += eligibility.skilled.length - reaching;
    removed.conflict += reaching - eligibility.of(object).length;
  }
  const available = [...able].reduce((sum, [inspector, number]) => sum + Math.min(eligibility.caps.get(inspector), number), 0);
  const right = { objects, inspectors: [...able.keys()].sort(compare), needed: freeze.team * objects.length, available, removed };
  for (const key in right) need(same(failed[key], right[key]), `failed.${key} is ${short(failed[key])}, computed is ${short(right[key])}`);
}

function blocking(order, eligibility, team) {
  // fill places one after the other; what the unfilled ones reach in the end is the smallest blocking set
  const has = new Map([...eligibility.caps.keys()].map((inspector) => [inspector, new Set()]));
  const teams = new Map(order.map((object) => [object, new Set()]));
  const reach = (start) => {
    const came = new Map(), seen = new Set([start]), queue = [[start, null]];
    for (const [object, via] of queue)
      for (const inspector of eligibility.of(object)) {
        if (came.has(inspector) || teams.get(object).has(inspector)) continue;
        came.set(inspector, [object, via]);
        if (has.get(inspector).size < eligibility.caps.get(inspector)) return { end: inspector, came };
        for (const other of has.get(inspector)) if (!seen.has(other)) { seen.add(other); queue.push([other, inspector]); }
      }
    return { seen };
  };
  const fill = (start) => {
    const { end, came } = reach(start);
    for (let at = end ?? null; at !== null;) {
      const [object, via] = came.get(at);
      if (via !== null) { teams.get(object).delete(via); has.get(via).delete(object); }
      teams.get(object).add(at);
      has.get(at).add(object);
      at = via;
    }
    return end !== undefined;
  };
  const unfilled = order.filter((object) => { for (let n = 0; n < team; n++) if (!fill(object)) return true; return false; });
  return new Set(unfilled.flatMap((object) => [...reach(object).seen]));
}

function checkReplacements({ freeze, objects, assignments, replacements }, eligibility, load, seed, ranked) {
  const teams = new Map(assignments.map((one) => [one.object, [...one.inspectors]]));
  const stratum = new Map(objects.map((row) => [row.object, row.stratum]));
  const used = new Map(freeze.strata.map(({ key, sample }) => [key, sample]));
  const left = new Set(), change = (inspector, by) => load.set(inspector, (load.get(inspector) || 0) + by);
  let due = [];

  function substitute(entry, path) {
    need(entry.out === entry.object, `${path}.out is not its object`);
    need(teams.has(entry.object), `${path}: ${entry.object} is not among the objects to inspect`);
    const key = stratum.get(entry.object), team = teams.get(entry.object);
    const next = ranked.get(key)[used.get(key)]?.object ?? null;
    used.set(key, used.get(key) + 1);
    need(entry.in === next, `${path}: the next substitute of ${key} is ${short(next)}, not ${short(entry.in)}`);
    teams.delete(entry.object);
    if (next === null) { team.filter((i) => i !== null).forEach((i) => change(i, -1)); return []; }
    teams.set(next, team);
    const able = eligibility.of(next);
    return team.filter((i) => !able.includes(i)).map((out) => ({ kind: "recusal", object: next, out, reason: entry.reason }));
  }

  function recuse({ object, out, in: coming }, path) {
    need(teams.has(object), `${path}: ${object} is not among the objects to inspect`);
    const team = teams.get(object);
    need(team.includes(out), `${path}: ${short(out)} is not in the team of ${object}`);
    if (out !== null) { change(out, -1); left.add(jcs([out, object])); }
    const rank = (i) => [load.get(i) || 0, hex(hash(seed, byte(1), object, byte(0), i))];
    const able = eligibility.of(object)
      .filter((i) => !team.includes(i) && !left.has(jcs([i, object])) && (load.get(i) || 0) < eligibility.caps.get(i))
      .map((i) => [...rank(i), i]).sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
    const next = able.length ? able[0][2] : null;
    need(coming === next, `${path}: the place goes to ${short(next)}, not to ${short(coming)}`);
    team[team.indexOf(out)] = next;
    if (next !== null) change(next, 1);
  }

  replacements.forEach((entry, n) => {
    const path = `replacements[${n}]`;
    if (due.length) {
      const wanted = due.shift();
      for (const key in wanted) need(entry[key] === wanted[key], `${path} must be ${short(wanted)}: it follows from the substitution`);
      recuse(entry, path);
    } else if (entry.kind === "substitution") {
      due = substitute(entry, path);
    } else {
      need(entry.out !== null, `${path} fills an open place without a substitution`);
      recuse(entry, path);
    }
  });
  need(!due.length, `replacements ends before ${short(due)} is replaced`);
}

function checkShapes({ freeze, drawn, inspectors, assignments, loads, failed }) {
  need(inspectors !== null || loads === null, "loads is published without the inspectors");
  need(assignments !== null || failed !== null, "assignments is missing, and the draw is not called failed");
  if (!assignments) return;
  need(same(assignments.map((one) => one.object), drawn.map((one) => one.object)), "assignments is not in inspection order");
  for (const one of assignments)
    need(one.inspectors.length === freeze.team && new Set(one.inspectors).size === freeze.team, `${one.object} has not a full team`);
}

function checkLedger({ replacements, ledger }) {
  const types = { substitution: "campaign.substituted", recusal: "campaign.recused" };
  const told = replacements.map(({ position, at, kind }) => [position, at, types[kind]]);
  const recorded = ledger.filter((event) => Object.values(types).includes(event.type))
    .map(({ position, at, type }) => [position, at, type]);
  need(!ledger.length || same(recorded, told), `the ledger records the replacements ${short(recorded)}, told are ${short(told)}`);
}

/** What is found in the bytes of a transcript: {difference: string or null, unchecked: [], notes: []}. */
function verifyDraw(bytes, published) {
  const report = { difference: null, unchecked: [], notes: [] };
  try {
    const all = parse(bytes);
    TRANSCRIPT(all, "the transcript");
    checkFreeze(all, report);
    const seed = checkSeed(all, report, published);
    checkLists(all, report);
    const ranked = checkSelection(all, seed);
    if (all.objects && all.inspectors && all.conflicts) checkStaffing(all, seed, ranked);
    else {
      report.unchecked.push("teams, loads and replacements: they follow from lists that are not published");
      checkShapes(all);
    }
    checkLedger(all);
  } catch (error) {
    if (!(error instanceof Differs)) throw error;
    report.difference = error.message;
  }
  return report;
}

if (typeof module !== "undefined") {
  module.exports = { verifyDraw };
  if (require.main === module) {
    const [file, published] = process.argv.slice(2);
    const report = verifyDraw(require("node:fs").readFileSync(file), published);
    console.log(JSON.stringify(report, null, 2));
    process.exitCode = report.difference ? 1 : 0;
  }
}
