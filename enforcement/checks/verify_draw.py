#!/usr/bin/env python3
"""Verify the transcript of a random draw (`steelyard-draw-1`) with nothing but Python 3.11's standard library.

    python3 verify_draw.py TRANSCRIPT.json [PLAN_HASH]

Everything is computed again from the frozen lists, the revealed nonces and the public number: hash of the plan,
seed, tickets, selection, order, substitutes, teams, loads, replacements. The first difference is told in a sentence
and ends the program with 1. Give the plan hash that was published at the freeze, if you have it: a transcript
alone proves nothing when the freeze in it is another than the one made public before the draw.

This file shares no code with the program that draws. It does not assign again; it shows that the published teams
are the ones of the rule: they are as even as any can be, and nobody with a smaller lot could have had a place.
"""

import calendar
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import pairwise
from math import gcd
from typing import Any, NamedTuple, NoReturn

ALGORITHM = "steelyard-draw-1"
LIMIT = 2**53 - 1
LISTS = ("objects", "inspectors", "conflicts")
EVENTS = {"substitution": "campaign.substituted", "recusal": "campaign.recused"}


class Differs(Exception):
    """The first difference, as a sentence."""


class Report(NamedTuple):
    """What was found: a difference or none, what could not be checked, and what one should know."""

    difference: str | None
    unchecked: list[str]
    notes: list[str]

    def lines(self) -> list[str]:
        """The report for people."""
        told = [f"not checked 未能核验: {what}" for what in self.unchecked]
        told += [f"note 说明: {what}" for what in self.notes]
        if self.difference:
            return [*told, f"DIFFERS 不一致: {self.difference}"]
        return [*told, "the transcript follows from its freeze, nonces and public number 抽取结果核验一致"]


def verify(raw: bytes, plan_hash: str | None = None) -> Report:
    """Check a transcript, given as the bytes of its file."""
    unchecked: list[str] = []
    notes: list[str] = []
    try:
        Transcript(parse(raw), unchecked, notes).check(plan_hash)
    except Differs as difference:
        return Report(str(difference), unchecked, notes)
    except RecursionError:
        return Report("the document is nested too deeply", unchecked, notes)
    return Report(None, unchecked, notes)


def differs(sentence: str) -> NoReturn:
    raise Differs(sentence)


def need(condition: Any, sentence: str) -> None:
    if not condition:
        differs(sentence)


# JSON as the specification means it.


def parse(raw: bytes) -> Any:
    def whole(digits: str) -> int:
        need(
            len(digits) <= 17 and abs(int(digits)) <= LIMIT,
            f"the number {digits[:30]} is outside ±(2^53 − 1)",
        )
        return int(digits)

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        need(len(found) == len(pairs), f"an object has a name twice: {[name for name, _ in pairs][:9]}")
        return found

    def broken(digits: str) -> NoReturn:
        differs(f"the number {digits[:30]} is not written as a whole number")

    try:
        return json.loads(
            raw.decode(),
            parse_int=whole,
            parse_float=broken,
            parse_constant=broken,
            object_pairs_hook=members,
        )
    except ValueError as error:
        differs(f"the file is not JSON in UTF-8: {error}")


NEW_MARKS = {220: (0x10EFD, 0x10EFE, 0x10EFF, 0x1E4EE), 230: (0x1E08F, 0x1E4EF), 232: (0x1E4EC, 0x1E4ED),
             9: (0x11F41, 0x11F42)}  # fmt: skip
LIKE = {220: "\u0316", 230: "\u033e", 232: "\u0358", 9: "\u094d"}
SINCE = """5C8-5C9 897-897 1ACF-1AF0 105C9-105C9 105D2-105D2 105DA-105DA 105E4-105E4 10D69-10D6D 10ECB-10ECF
    10EF0-10EFB 11382-11385 1138B-1138B 1138E-1138E 11390-11391 113B8-113B8 113BB-113BB 113C2-113C2 113C5-113C5
    113C7-113C9 113CE-113D0 1611E-16129 1612F-1612F 16D63-16D63 16D67-16D6A 1D127-1D128 1D250-1D252 1D25B-1D25C
    1D25F-1D25F 1D280-1D281 1E5EE-1E5EF 1E6E3-1E6E3 1E6E6-1E6E6 1E6EE-1E6EF 1E6F5-1E6F5"""
AS_UNICODE_15 = {code: LIKE[place] for place, codes in NEW_MARKS.items() for code in codes} | {
    code: "\ue000"
    for low, high in (span.split("-") for span in SINCE.split())
    for code in range(int(low, 16), int(high, 16) + 1)
}
"""Marks that came with Unicode 15.0 as older ones of the same place; what came later as nothing special."""


def text(value: Any, path: str, low: int = 0, high: int = LIMIT) -> None:
    need(isinstance(value, str), f"{path} is {value!r:.80}, not a string")
    if not (value.isascii() and value.isprintable()):
        need(encodable(value), f"{path} is not valid Unicode")
        need(not re.search("[\x00-\x1f\x7f-\x9f]", value), f"{path} contains a control character")
        plain = value.translate(AS_UNICODE_15)
        need(unicodedata.is_normalized("NFC", plain), f"{path} is not in NFC: {value!r:.80}")
    need(low <= len(value) <= high, f"{path} has {len(value)} characters, not {low} to {high}")


def encodable(value: str) -> bool:
    return not re.search("[\ud800-\udfff]", value)


# Forms: a pattern, a set of words, a function, or a dict of the members of an object.

HEX = re.compile("[0-9a-f]{64}")
REGION = re.compile("(?!000000)[0-9]{6}")
TIME = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})T([01][0-9]|2[0-3])(:[0-5][0-9]){2}Z")
RATIO = re.compile("(0|[1-9][0-9]*)/([1-9][0-9]*)")


def form(value: Any, shape: Any, path: str) -> None:
    """Compare a value with a form, recursively."""
    if isinstance(shape, dict):
        need(isinstance(value, dict), f"{path} is {value!r:.80}, not an object")
        for name in [*shape, *value]:
            need(name in value and name in shape, f"{path} must not have, or lacks, the member {name!r}")
        for name, inner in shape.items():
            form(value[name], inner, f"{path}.{name}")
    elif isinstance(shape, re.Pattern):
        sound = isinstance(value, str) and shape.fullmatch(value)
        need(
            sound and (shape is not TIME or day_exists(value)),
            f"{path} is {value!r:.80}, which has not its form",
        )
    elif isinstance(shape, tuple):
        need(any(value == word and type(value) is type(word) for word in shape), f"{path} is {value!r:.80}")
    else:
        shape(value, path)


def day_exists(time: str) -> bool:
    month, day = int(time[5:7]), int(time[8:10])
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(int(time[:4]), month)[1]


def name(value: Any, path: str) -> None:
    text(value, path, 1, 128)


def filled(value: Any, path: str) -> None:
    text(value, path, 1)


def whole(low: int) -> Callable[[Any, str], None]:
    return lambda value, path: need(
        type(value) is int and low <= value <= LIMIT,
        f"{path} is {value!r:.80}, not a whole number from {low}",
    )


def maybe(shape: Any) -> Callable[[Any, str], None]:
    return lambda value, path: None if value is None else form(value, shape, path)


def many(shape: Any, key: Callable[[Any], Any] | None = None) -> Callable[[Any, str], None]:
    """A list; with `key` strictly ascending: code points of strings are in the order of their UTF-8 bytes."""

    def check(value: Any, path: str) -> None:
        need(isinstance(value, list), f"{path} is {value!r:.80}, not a list")
        for number, one in enumerate(value):
            form(one, shape, f"{path}[{number}]")
        keys = [key(one) for one in value] if key else []
        for number in range(1, len(keys)):
            need(keys[number - 1] < keys[number], f"{path}[{number}] is out of order or stands twice")

    return check


def ratio(value: Any, path: str) -> None:
    form(value, RATIO, path)
    p, q = fraction(value)
    need(p <= q and gcd(p, q) == 1, f"{path} is {value:.80}, not a reduced fraction from 0/1 to 1/1")


def fraction(value: str) -> tuple[int, int]:
    p, q = value.split("/")
    if len(value) > 4000:
        sys.set_int_max_str_digits(0)
    return int(p), int(q)


def filters(value: Any, path: str) -> None:
    need(isinstance(value, dict), f"{path} is {value!r:.80}, not an object")
    for key, held in value.items():
        text(key, f"a name in {path}")
        for one in held if isinstance(held, list) else [held]:
            need(type(one) in (str, int, bool), f"{path}.{key} holds {one!r:.80}")
            if type(one) is str:
                text(one, f"{path}.{key}")


FREEZE = {
    "algorithm": (ALGORITHM,), "campaign": name, "replaces": maybe(name),
    "item": {"code": text, "kind": ("general", "key"), "skill": maybe(text), "directed": (True, False),
             "filter": filters},
    "objects_root": HEX, "objects_size": whole(0),
    "strata": many({"key": name, "ratio": ratio, "size": whole(0), "sample": whole(0)}, lambda s: s["key"]),
    "inspectors_root": HEX, "inspectors_size": whole(0), "conflicts_root": HEX, "conflicts_size": whole(0),
    "team": whole(2), "policy": maybe({"id": name, "hash": HEX}),
    "entropy": {"parties": many({"name": name, "commitment": HEX}), "reveal_by": TIME,
                "public": maybe({"source": text, "at": TIME, "format": text})},
    "excluded": many({"object": name, "reason": filled}, lambda e: e["object"]), "frozen_at": TIME,
}  # fmt: skip
OBJECT = {"object": name, "region": REGION, "stratum": name}
INSPECTOR = {"inspector": name, "regions": many(REGION, str), "skills": many(text, str), "cap": whole(0)}


def pair(value: Any, path: str) -> None:
    need(isinstance(value, list) and len(value) == 2, f"{path} is {value!r:.80}, not [inspector, object]")
    name(value[0], path)
    name(value[1], path)


TRANSCRIPT = {
    "freeze": FREEZE, "plan_hash": HEX, "seed": HEX, "reveals": many({"name": name, "nonce": HEX}),
    "public_text": maybe(lambda value, path: need(isinstance(value, str), f"{path} is {value!r:.80}")),
    "objects": maybe(many(OBJECT, lambda o: o["object"])),
    "inspectors": maybe(many(INSPECTOR, lambda i: i["inspector"])), "conflicts": maybe(many(pair, tuple)),
    "drawn": many({"object": name, "stratum": name, "ticket": HEX, "order": whole(1)}),
    "substitutes": lambda value, path: need(isinstance(value, dict), f"{path} is not an object"),
    "assignments": maybe(many({"object": name, "inspectors": many(name)})),
    "loads": maybe(many({"inspector": name, "eligible": whole(0), "load": whole(0)}, lambda e: e["inspector"])),
    "failed": maybe({"objects": many(name), "inspectors": many(name, str), "needed": whole(0), "available": whole(0),
                     "removed": dict.fromkeys(("skill", "region", "conflict"), whole(0))}),
    "replacements": many({"kind": ("substitution", "recusal"), "object": name, "out": maybe(name), "in": maybe(name),
                          "reason": filled, "at": TIME, "position": whole(1)}, lambda r: r["position"]),
    "ledger": many({"position": whole(1), "type": re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+"), "at": TIME},
                   lambda e: e["position"]),
}  # fmt: skip


# Hashes.


def hashed(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def jcs(value: Any) -> str:
    """RFC 8785 for strings, whole numbers, booleans, null, lists and objects."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{jcs(name)}:{jcs(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(jcs, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def tree(rows: Iterable[Any]) -> bytes:
    """Merkle tree hash of RFC 9162 over the canonical JSON of the rows, whose names stand in order already."""
    write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
    stack: list[tuple[int, bytes]] = []
    for row in rows:
        size, found = 1, hashed(b"\x00", write(row).encode())
        while stack and stack[-1][0] == size:
            size, found = size * 2, hashed(b"\x01", stack.pop()[1], found)
        stack.append((size, found))
    if not stack:
        return hashed()
    _, found = stack.pop()
    while stack:
        found = hashed(b"\x01", stack.pop()[1], found)
    return found


# The announced form of a public number: I-Regexp (RFC 9485), matched as a whole.


def matches(pattern: str, subject: str) -> bool:
    """Translate into a pattern of `re`, in which everything that means more there is escaped."""
    try:
        return re.fullmatch(translated(pattern), subject) is not None
    except (re.error, OverflowError, RecursionError) as error:
        differs(f"freeze.entropy.public.format is no I-Regexp: {error}")


ESCAPE = re.compile(r"\\([nrt()*+\-.?\[\\\]^{|}])")
CLASS = re.compile(
    r"\[\^?(?:-|(?:\\[nrt()*+\-.?\[\\\]^{|}]|[^\-\[\\\]])(?:-(?:\\[nrt()*+\-.?\[\\\]^{|}]|[^\-\[\\\]]))?)"
    r"(?:(?:\\[nrt()*+\-.?\[\\\]^{|}]|[^\-\[\\\]])(?:-(?:\\[nrt()*+\-.?\[\\\]^{|}]|[^\-\[\\\]]))?)*-?\]"
)
COUNT = re.compile(r"[*+?]|\{[0-9]+(?:,[0-9]*)?\}")


def translated(pattern: str) -> str:
    at, out, repeatable, depth = 0, "", False, 0
    while at < len(pattern):
        here = pattern[at]
        found = (
            ESCAPE.match(pattern, at) or CLASS.match(pattern, at) or (repeatable and COUNT.match(pattern, at))
        )
        if found and here in "*+?{":
            out, repeatable = out + found[0], False
        elif found and here == "[":
            out, repeatable = out + in_class(found[0]), True
        elif found:
            out, repeatable = out + escaped(found[1]), True
        elif here == "(":
            out, repeatable, depth = out + "(?:", False, depth + 1
        elif here == ")" and depth:
            out, repeatable, depth = out + ")", True, depth - 1
        elif here == "|":
            out, repeatable = out + "|", False
        elif here == ".":
            out, repeatable = out + r"[^\n\r]", True
        elif here not in "()*+?[\\]{}":
            out, repeatable = out + re.escape(here), True
        else:
            differs(f"freeze.entropy.public.format is no I-Regexp at character {at + 1}")
        at += len(found[0]) if found else 1
    need(depth == 0, "freeze.entropy.public.format is no I-Regexp: a group is not closed")
    return out


def escaped(character: str) -> str:
    return f"\\{character}" if character in "nrt" else re.escape(character)


def in_class(source: str) -> str:
    """A class in which what is special to `re` alone is escaped: `[`, `&`, `~`, `|` doubled have a meaning there."""
    inner = ESCAPE.sub(lambda found: escaped(found[1]), source[1:-1])
    return "[" + re.sub(r"(?<!\\)([&~|])", r"\\\1", inner) + "]"


# The draw.


def covers(code: str, other: str) -> bool:
    return other.startswith(re.sub("(00)+$", "", code))


class Transcript:
    """One transcript, checked from the freeze to the replacements."""

    def __init__(self, document: Any, unchecked: list[str], notes: list[str]) -> None:
        form(document, TRANSCRIPT, "the transcript")
        self.all, self.freeze, self.unchecked, self.notes = document, document["freeze"], unchecked, notes
        self.objects, self.inspectors, self.conflicts = (document[part] for part in LISTS)
        self.drawn: list[str] = [one["object"] for one in document["drawn"]]

    def check(self, plan_hash: str | None) -> None:
        self.check_freeze()
        self.check_seed(plan_hash)
        self.check_lists()
        self.check_selection()
        if None in (self.objects, self.inspectors, self.conflicts):
            self.unchecked.append(
                "teams, loads and replacements: they follow from lists that are not published"
            )
            self.check_shapes()
        else:
            self.check_staffing()
        self.check_ledger()

    def check_freeze(self) -> None:
        freeze, entropy = self.freeze, self.freeze["entropy"]
        need(freeze["replaces"] != freeze["campaign"], "freeze.replaces names the campaign itself")
        for stratum in freeze["strata"]:
            p, q = fraction(stratum["ratio"])
            need(
                stratum["sample"] == (stratum["size"] * p + q - 1) // q,
                f"{stratum['ratio']} of {stratum['size']} objects, rounded up, is not {stratum['sample']} "
                f"(stratum {stratum['key']!r})",
            )
        total = sum(stratum["size"] for stratum in freeze["strata"])
        need(
            total == freeze["objects_size"],
            f"the strata have {total} objects, the freeze {freeze['objects_size']}",
        )
        parties = entropy["parties"]
        need(len(parties) >= 2, "fewer than two parties give a nonce")
        for member in ("name", "commitment"):
            need(
                len({party[member] for party in parties}) == len(parties),
                f"two parties have the same {member}",
            )
        need(freeze["frozen_at"] < entropy["reveal_by"], "freeze.entropy.reveal_by is not after frozen_at")
        if entropy["public"] is None:
            self.notes.append(
                "without a public number the last party to reveal could have aborted the draw knowingly"
            )
        else:
            need(
                entropy["public"]["at"] > entropy["reveal_by"],
                "the public number is fixed before all have revealed",
            )

    def check_seed(self, plan_hash: str | None) -> None:
        freeze, reveals, number = self.freeze, self.all["reveals"], self.all["public_text"]
        found = hashed(jcs(freeze).encode())
        told = self.all["plan_hash"]
        need(told == found.hex(), f"plan_hash is {told}, the freeze has {found.hex()}")
        if plan_hash is None:
            self.notes.append(f"compare the plan hash with the one published at the freeze: {found.hex()}")
        else:
            need(
                plan_hash == found.hex(),
                f"the plan hash published was {plan_hash}, the freeze has {found.hex()}",
            )
        parties = freeze["entropy"]["parties"]
        names = [party["name"] for party in parties]
        need(
            [r["name"] for r in reveals] == names,
            f"the nonces are not those of the parties in order: {names}",
        )
        nonces = [bytes.fromhex(reveal["nonce"]) for reveal in reveals]
        for party, nonce in zip(parties, nonces, strict=True):
            parts = (b"\x02", freeze["campaign"].encode(), b"\x00", party["name"].encode(), b"\x00", nonce)
            need(hashed(*parts).hex() == party["commitment"], f"{party['name']!r} committed to another nonce")
        public = freeze["entropy"]["public"]
        need(
            (public is None) == (number is None),
            "public_text must be given exactly where a number was announced",
        )
        if public is not None:
            need(encodable(number), "public_text is not valid Unicode")
            sound = matches(public["format"], number)
            need(sound, f"public_text {number!r:.80} has not the form {public['format']!r}")
        self.seed = hashed(ALGORITHM.encode(), b"\x00", found, *nonces, (number or "").encode())
        need(
            self.all["seed"] == self.seed.hex(), f"seed is {self.all['seed']}, computed is {self.seed.hex()}"
        )

    def check_lists(self) -> None:
        for part in LISTS:
            rows, size, root = self.all[part], self.freeze[f"{part}_size"], self.freeze[f"{part}_root"]
            if rows is None:
                self.unchecked.append(f"the frozen list of {part} is not published; its root is {root}")
                continue
            need(len(rows) == size, f"{part} has {len(rows)} rows, the freeze says {size}")
            need(tree(rows).hex() == root, f"{part} is not the list that was frozen: its root differs")
        if self.objects is not None:
            self.check_objects()
        if self.conflicts is not None:
            for part, place, key in (("inspectors", 0, "inspector"), ("objects", 1, "object")):
                known = {row[key] for row in self.all[part] or ()}
                for row in self.conflicts if self.all[part] is not None else ():
                    need(
                        row[place] in known, f"conflicts names {row[place]!r}, which is not among the {part}"
                    )

    def check_objects(self) -> None:
        sizes = Counter(row["stratum"] for row in self.objects)
        for stratum in self.freeze["strata"]:
            found = sizes.pop(stratum["key"], 0)
            need(
                found == stratum["size"],
                f"stratum {stratum['key']!r} has {found} objects, not {stratum['size']}",
            )
        need(not sizes, f"objects stand in strata that were not frozen: {[*sizes][:3]}")
        listed = {row["object"] for row in self.objects}
        for entry in self.freeze["excluded"]:
            need(entry["object"] not in listed, f"{entry['object']!r} is excluded and listed")

    # Section 3: who is drawn.

    def ticket(self, id: str) -> bytes:
        return hashed(self.seed, b"\x00", id.encode())

    def check_selection(self) -> None:
        keys = [stratum["key"] for stratum in self.freeze["strata"]]
        need(sorted(self.all["substitutes"]) == keys, "substitutes does not name every stratum once")
        drawn: dict[str, list[str]] = {key: [] for key in keys}
        for number, one in enumerate(self.all["drawn"], 1):
            need(one["order"] == number, f"drawn[{number - 1}] has order {one['order']}, not {number}")
            need(
                one["stratum"] in drawn,
                f"{one['object']!r} was drawn in {one['stratum']!r}, which was not frozen",
            )
            drawn[one["stratum"]].append(one["object"])
            ticket = self.ticket(one["object"]).hex()
            need(one["ticket"] == ticket, f"the ticket of {one['object']!r} is {ticket}, not {one['ticket']}")
        tickets = [one["ticket"] for one in self.all["drawn"]]
        for before, after in pairwise(tickets):
            need(before < after, f"the inspection order is not by ticket: {after} stands after {before}")
        for stratum in self.freeze["strata"]:
            self.check_stratum(stratum, drawn[stratum["key"]])

    def check_stratum(self, stratum: dict[str, Any], drawn: list[str]) -> None:
        key, sample = stratum["key"], stratum["sample"]
        listed = self.all["substitutes"][key]
        many({"object": name, "ticket": HEX})(listed, f"substitutes of {key!r}")
        need(len(drawn) == sample, f"{len(drawn)} objects of {key!r} were drawn, not {sample}")
        length = min(stratum["size"] - sample, max(10, sample))
        need(len(listed) == length, f"{key!r} has {len(listed)} substitutes, not {length}")
        chain = [*drawn, *(one["object"] for one in listed)]
        for one in listed:
            ticket = self.ticket(one["object"]).hex()
            need(one["ticket"] == ticket, f"the ticket of the substitute {one['object']!r} is {ticket}")
        for before, after in pairwise(chain):
            need(
                self.ticket(before) < self.ticket(after),
                f"in {key!r}, {after!r} must not come after {before!r}",
            )
        if self.objects is not None:
            ranked = self.waiting(key)
            for place, (expected, found) in enumerate(zip(ranked, chain, strict=False), 1):
                need(expected == found, f"place {place} of {key!r} by ticket is {expected!r}, not {found!r}")

    def waiting(self, key: str) -> list[str]:
        """The objects of a stratum by ticket."""
        if not hasattr(self, "ranked"):
            self.ranked: dict[str, list[tuple[bytes, str]]] = {s["key"]: [] for s in self.freeze["strata"]}
            before = sha256(self.seed + b"\x00")
            for row in self.objects:
                after = before.copy()
                after.update(row["object"].encode())
                self.ranked[row["stratum"]].append((after.digest(), row["object"]))
            for tickets in self.ranked.values():
                tickets.sort()
        return [id for _, id in self.ranked[key]]

    # Section 4: who inspects what.

    def check_staffing(self) -> None:
        self.caps = {row["inspector"]: row["cap"] for row in self.inspectors}
        self.regions = {row["object"]: row["region"] for row in self.objects}
        self.refused = {(inspector, object) for inspector, object in self.conflicts}
        skill, team = self.freeze["item"]["skill"], self.freeze["team"]
        self.skilled = [row for row in self.inspectors if skill is None or skill in row["skills"]]
        self.local: dict[str, list[str]] = {}
        apart = Counter(row[1] for row in self.conflicts)
        for id, region in self.regions.items():
            able = self.eligible(id) if id in apart else self.reaching(region)
            found = sum(self.caps[inspector] > 0 for inspector in able)
            need(
                found >= team,
                f"{id!r} has {found} eligible inspectors, fewer than a team: it must not be listed",
            )
        able_for = {id: self.eligible(id) for id in self.drawn}
        if self.all["failed"] is not None:
            need(
                self.all["assignments"] is None and self.all["loads"] is None,
                "a failed draw has teams or loads",
            )
            need(not self.all["replacements"], "a failed draw has replacements")
            self.check_failed(able_for)
            return
        need(self.all["assignments"] is not None, "assignments is missing, and the draw is not called failed")
        need(self.all["loads"] is not None, "loads is missing, and the draw is not called failed")
        teams = self.check_teams(able_for)
        Evenness(self, able_for, teams).check()
        Replacements(self, teams).check()

    def reaching(self, region: str) -> list[str]:
        if region not in self.local:
            self.local[region] = [
                row["inspector"]
                for row in self.skilled
                if any(covers(code, region) for code in row["regions"])
            ]
        return self.local[region]

    def eligible(self, id: str) -> list[str]:
        reaching = self.reaching(self.regions[id])
        return [inspector for inspector in reaching if (inspector, id) not in self.refused]

    def lot(self, object: str, inspector: str) -> bytes:
        return hashed(self.seed, b"\x01", object.encode(), b"\x00", inspector.encode())

    def check_teams(self, able_for: dict[str, list[str]]) -> dict[str, list[str]]:
        need(
            [one["object"] for one in self.all["assignments"]] == self.drawn,
            "assignments is not in inspection order",
        )
        teams = {one["object"]: one["inspectors"] for one in self.all["assignments"]}
        size = self.freeze["team"]
        for id, members in teams.items():
            need(len(members) == len({*members}) == size, f"{id!r} has not a team of {size}")
            for inspector in members:
                need(inspector in able_for[id], f"{inspector!r} is not eligible for {id!r}")
        load = Counter(inspector for members in teams.values() for inspector in members)
        able = Counter(inspector for listed in able_for.values() for inspector in listed)
        expected = [{"inspector": id, "eligible": able[id], "load": load[id]} for id in self.caps]
        need(len(self.all["loads"]) == len(expected), "loads does not name every frozen inspector")
        for found, right in zip(self.all["loads"], expected, strict=True):
            need(found == right, f"loads says {found}, computed is {right}")
            need(right["load"] <= self.caps[right["inspector"]], f"{right['inspector']!r} is above the cap")
        return teams

    def check_failed(self, able_for: dict[str, list[str]]) -> None:
        objects = blocking(able_for, self.caps, self.freeze["team"])
        need(objects, "the draw is called failed, but it can be staffed")
        within = [id for id in self.drawn if id in objects]
        able = Counter(inspector for id in within for inspector in able_for[id])
        removed = dict.fromkeys(("skill", "region", "conflict"), 0)
        skilled = {row["inspector"] for row in self.skilled}
        for id in within:
            reaching = self.reaching(self.regions[id])
            removed["skill"] += len(self.caps) - len(skilled)
            removed["region"] += len(skilled) - len(reaching)
            removed["conflict"] += len(reaching) - len(able_for[id])
        right = {
            "objects": within,
            "inspectors": sorted(able),
            "needed": self.freeze["team"] * len(within),
            "available": sum(min(self.caps[inspector], number) for inspector, number in able.items()),
            "removed": removed,
        }
        for key, value in right.items():
            found = self.all["failed"][key]
            need(found == value, f"failed.{key} is {found!r:.300}, computed is {value!r:.300}")

    def check_shapes(self) -> None:
        """What can be said of teams without the lists."""
        need(
            self.inspectors is not None or self.all["loads"] is None,
            "loads is published without the inspectors",
        )
        if self.all["assignments"] is None:
            need(self.all["failed"] is not None, "assignments is missing, and the draw is not called failed")
            return
        need(
            [one["object"] for one in self.all["assignments"]] == self.drawn,
            "assignments is not in inspection order",
        )
        for one in self.all["assignments"]:
            size = len({*one["inspectors"]})
            need(
                size == len(one["inspectors"]) == self.freeze["team"],
                f"{one['object']!r} has not a full team",
            )

    def check_ledger(self) -> None:
        """Every replacement is an event of the campaign, and every such event is a replacement."""
        ledger = [(event["position"], event["at"], event["type"]) for event in self.all["ledger"]]
        told = [(one["position"], one["at"], EVENTS[one["kind"]]) for one in self.all["replacements"]]
        recorded = [event for event in ledger if event[2] in EVENTS.values()]
        need(
            not ledger or recorded == told, f"the ledger records the replacements {recorded}, told are {told}"
        )


def blocking(able_for: dict[str, list[str]], caps: dict[str, int], team: int) -> set[str]:
    """The objects that unfilled places reach once no further place can be filled; none, if all are filled."""
    has: dict[str, set[str]] = {inspector: set() for inspector in caps}
    teams: dict[str, set[str]] = {id: set() for id in able_for}

    def reach(start: str) -> tuple[set[str], bool]:
        """Fill one place if it can be; else every object from which its filling would have had to come."""
        came: dict[str, tuple[str, str | None]] = {}
        objects, fresh = {start: None}, list[tuple[str, str | None]]([(start, None)])
        for object, by in fresh:
            for inspector in able_for[object]:
                if inspector in came or inspector in teams[object]:
                    continue
                came[inspector] = (object, by)
                if len(has[inspector]) < caps[inspector]:
                    follow(inspector, came)
                    return set(), True
                for other in has[inspector]:
                    if other not in objects:
                        objects[other] = None
                        fresh.append((other, inspector))
        return {*objects}, False

    def follow(inspector: str, came: dict[str, tuple[str, str | None]]) -> None:
        at: str | None = inspector
        while at is not None:
            object, by = came[at]
            if by is not None:
                teams[object].discard(by)
                has[by].discard(object)
            teams[object].add(at)
            has[at].add(object)
            at = by

    short = [id for id in able_for if not all(reach(id)[1] for _ in range(team))]
    return set().union(*(reach(id)[0] for id in short)) if short else set()


class Evenness:
    """That the published teams are those of the rule. Sets of inspectors are the bits of whole numbers.

    The published staffing is at hand all the time, so nothing is ever rerouted: it must be even, and for each place
    nobody with a smaller lot may be possible, given all places before.
    """

    def __init__(
        self, transcript: Transcript, able_for: dict[str, list[str]], teams: dict[str, list[str]]
    ) -> None:
        self.of, self.able_for, self.teams = transcript, able_for, teams
        self.bit = {inspector: 1 << number for number, inspector in enumerate(transcript.caps)}
        self.load = Counter(inspector for members in teams.values() for inspector in members)
        self.below_cap = [i for i, cap in transcript.caps.items() if self.load[i] < cap]
        groups = {able: self.bits(able) for able in {tuple(able) for able in able_for.values()}}
        held = {id: self.bits(teams[id]) for id in transcript.drawn}
        self.takers = {id: groups[tuple(able_for[id])] & ~held[id] for id in transcript.drawn}
        self.free = dict(held)

    def bits(self, inspectors: Iterable[str]) -> int:
        return sum(self.bit[inspector] for inspector in inspectors)

    def check(self) -> None:
        self.check_even()
        for object in self.of.drawn:
            self.check_places(object)

    def check_even(self) -> None:
        """No chain of exchanges ends at someone with at least two fewer than where it begins."""
        for load in {*self.load.values()}:
            found = self.bits(i for i in self.load if self.load[i] >= load)
            before = -1
            while found != before:
                before = found
                for object, members in self.free.items():
                    if members & found:
                        found |= self.takers[object]
            for inspector in self.below_cap:
                even = not found & self.bit[inspector] or self.load[inspector] > load - 2
                need(
                    even,
                    f"the loads are not even: {inspector!r} has {self.load[inspector]}, others have {load}",
                )

    def check_places(self, object: str) -> None:
        given: set[str] = set()
        lots = {inspector: self.of.lot(object, inspector) for inspector in self.able_for[object]}
        for place, member in enumerate(self.teams[object], 1):
            smaller = [i for i, lot in lots.items() if lot < lots[member] and i not in given]
            if smaller:
                possible = self.possible(self.free[object])
                for inspector in sorted(smaller, key=lots.__getitem__):
                    need(
                        not possible & self.bit[inspector],
                        f"place {place} of {object!r} belongs to {inspector!r}, whose lot is smaller than that of "
                        f"{member!r} and who keeps the load as even",
                    )
            given.add(member)
            self.free[object] &= ~self.bit[member]
        del self.free[object]

    def possible(self, found: int) -> int:
        """Whoever can be brought in for a place of these, with loads as even as now."""
        found = self.backward(found)
        losing = {self.load[i] for i, bit in self.bit.items() if bit & found}
        gaining = self.bits(i for i in self.below_cap if self.load[i] + 1 in losing)
        return self.backward(found | gaining)

    def backward(self, found: int) -> int:
        """With all who could pass an object on to one of them, through any number of others."""
        before = -1
        while found != before:
            before = found
            for object, members in self.free.items():
                if self.takers[object] & found:
                    found |= members
        return found


class Replacements:
    """Section 5, entry by entry."""

    def __init__(self, transcript: Transcript, teams: dict[str, list[str]]) -> None:
        self.of = transcript
        self.teams: dict[str, list[str | None]] = {id: [*members] for id, members in teams.items()}
        self.load = Counter(dict.fromkeys(transcript.caps, 0))
        self.load.update(inspector for members in teams.values() for inspector in members)
        self.left: set[tuple[str, str]] = set()
        self.stratum = {row["object"]: row["stratum"] for row in transcript.objects}
        self.waiting: dict[str, Iterator[str]] = {}

    def check(self) -> None:
        follow: list[tuple[str, str | None, str]] = []
        for number, entry in enumerate(self.of.all["replacements"]):
            path = f"replacements[{number}]"
            if follow:
                object, out, reason = follow.pop(0)
                due = {"kind": "recusal", "object": object, "out": out, "reason": reason}
                need(
                    due.items() <= entry.items(),
                    f"{path} must be {due}: it follows from the substitution before",
                )
                self.recusal(entry, path)
            elif entry["kind"] == "substitution":
                follow = self.substitution(entry, path)
            else:
                need(entry["out"] is not None, f"{path} fills an open place without a substitution")
                self.recusal(entry, path)
        need(not follow, f"replacements ends before {follow} is replaced")

    def substitution(self, entry: dict[str, Any], path: str) -> list[tuple[str, str | None, str]]:
        old, new = entry["object"], entry["in"]
        need(entry["out"] == old, f"{path}.out is not its object")
        need(old in self.teams, f"{path}: {old!r} is not among the objects to inspect")
        key, team = self.stratum[old], self.teams.pop(old)
        if key not in self.waiting:
            sample = next(s["sample"] for s in self.of.freeze["strata"] if s["key"] == key)
            self.waiting[key] = iter(self.of.waiting(key)[sample:])
        expected = next(self.waiting[key], None)
        need(new == expected, f"{path}: the next substitute of {key!r} is {expected!r}, not {new!r}")
        if new is None:
            self.load.subtract(inspector for inspector in team if inspector is not None)
            return []
        self.teams[new] = team
        able = self.of.eligible(new)
        return [(new, inspector, entry["reason"]) for inspector in team if inspector not in able]

    def recusal(self, entry: dict[str, Any], path: str) -> None:
        object, out = entry["object"], entry["out"]
        need(object in self.teams, f"{path}: {object!r} is not among the objects to inspect")
        team = self.teams[object]
        need(out in team, f"{path}: {out!r} is not in the team of {object!r}")
        if out is not None:
            self.load[out] -= 1
            self.left.add((out, object))
        able = [
            (self.load[i], self.of.lot(object, i), i)
            for i in self.of.eligible(object)
            if i not in team and (i, object) not in self.left and self.load[i] < self.of.caps[i]
        ]
        expected = min(able)[2] if able else None
        need(entry["in"] == expected, f"{path}: the place goes to {expected!r}, not to {entry['in']!r}")
        team[team.index(out)] = expected
        if expected is not None:
            self.load[expected] += 1


def main(arguments: list[str]) -> int:
    """Read a file, print the report."""
    if len(arguments) not in (1, 2):
        sys.stderr.write("usage: verify_draw.py TRANSCRIPT.json [PLAN_HASH]\n")
        return 2
    with open(arguments[0], "rb") as file:  # noqa: PTH123
        report = verify(file.read(), *arguments[1:])
    sys.stdout.write("\n".join(report.lines()) + "\n")
    return 1 if report.difference else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
