"""Whether one JSON Schema may follow another: what an old message or an old consumer would break on.

Messages are broken when one that the old schema allows is refused by the new one. Consumers are broken when the
new schema allows what one that was written for the old schema cannot know: a member gone, a member that may be
missing, another type, another word. New optional members break nobody: consumers pass over what they do not know.

Only the keywords that our schemas use are understood; any other that differs counts as a break.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

Node = Mapping[str, Any]
Side = Literal["messages", "consumers"]

ANNOTATIONS = {"$schema", "$id", "$defs", "$comment", "title", "description", "examples"}
LOWER = ("minimum", "minLength", "minItems")
UPPER = ("maximum", "maxLength", "maxItems")
HANDLED = {
    *("$ref", "type", "enum", "const", "pattern", "format", "default", "properties", "required"),
    *("items", "additionalProperties", "if", "then", "else", *LOWER, *UPPER),
}
ANYTHING = frozenset({"string", "integer", "number", "boolean", "null", "array", "object"})


class Break(NamedTuple):
    """One thing that breaks somebody, and where; `$` is the whole document."""

    path: str
    what: str
    side: Side

    def __str__(self) -> str:
        return f"{self.path}: {self.what} breaks old {self.side}"


def breaks(old: Node, new: Node) -> list[Break]:
    """Everything in the new schema that breaks an old message or an old consumer."""
    return list(dict.fromkeys(_Comparison(old, new).nodes(old, new, "$")))


def meaning(node: Any) -> Any:
    """The schema without what is only said to people."""
    if isinstance(node, Mapping):
        named = node.get("properties")
        found = {k: meaning(v) for k, v in node.items() if k not in ANNOTATIONS - {"$defs"}}
        if isinstance(named, Mapping):
            found["properties"] = {k: meaning(v) for k, v in named.items()}
        return found
    return [meaning(part) for part in node] if isinstance(node, list) else node


class _Comparison:
    """Two documents, side by side; references are followed in each."""

    def __init__(self, old: Node, new: Node) -> None:
        self.old, self.new = old, new
        self.seen: set[tuple[str, str]] = set()

    def nodes(self, old: Node, new: Node, path: str) -> Iterator[Break]:
        if "$ref" in old and "$ref" in new:
            references = (old["$ref"], new["$ref"])
            if references in self.seen:
                return
            self.seen.add(references)
        a, b = _plain(old, self.old), _plain(new, self.new)
        yield from _types(a, b, path)
        yield from _words(a, b, path)
        yield from _texts(a, b, path)
        yield from _bounds(a, b, path)
        yield from _required(a, b, path)
        yield from self._members(a, b, path)
        yield from self._inner(a, b, path)
        yield from self._conditions(a, b, path)
        yield from _unknown(a, b, path)

    def _members(self, old: Node, new: Node, path: str) -> Iterator[Break]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name, member in before.items():
            if name in after:
                yield from self.nodes(member, after[name], f"{path}.{name}")
            else:
                yield Break(f"{path}.{name}", "member removed", "consumers")
        if old.get("additionalProperties", True) != new.get("additionalProperties", True):
            side: Side = "consumers" if new.get("additionalProperties", True) is True else "messages"
            yield Break(path, "other rule for unknown members", side)

    def _inner(self, old: Node, new: Node, path: str) -> Iterator[Break]:
        if "items" in old and "items" in new:
            yield from self.nodes(old["items"], new["items"], f"{path}[]")
        elif "items" in old or "items" in new:
            yield Break(f"{path}[]", "other rule for items", "messages" if "items" in new else "consumers")

    def _conditions(self, old: Node, new: Node, path: str) -> Iterator[Break]:
        if meaning(old.get("if")) != meaning(new.get("if")):
            yield Break(path, "other condition", "messages")
            yield Break(path, "other condition", "consumers")
            return
        for branch in ("then", "else"):
            if branch in old or branch in new:
                yield from self.nodes(old.get(branch, {}), new.get(branch, {}), path)


def _plain(node: Node, root: Node) -> dict[str, Any]:
    """References followed; "this or null" as one node with a further type."""
    if "$ref" in node:
        target = root["$defs"][node["$ref"].removeprefix("#/$defs/")]
        return {**_plain(target, root), **{k: v for k, v in node.items() if k != "$ref"}}
    either = node.get("anyOf")
    if isinstance(either, list) and len(either) == 2 and {"type": "null"} in either:
        other = _plain(next(part for part in either if part != {"type": "null"}), root)
        outer = {k: v for k, v in node.items() if k != "anyOf"}
        return {**other, **outer, "type": sorted({*_type_names(other), "null"})}
    return dict(node)


def _type_names(node: Node) -> frozenset[str]:
    given = node.get("type")
    if given is None:
        return ANYTHING
    names = frozenset([given] if isinstance(given, str) else given)
    return names | {"integer"} if "number" in names else names


def _types(old: Node, new: Node, path: str) -> Iterator[Break]:
    gone, come = _type_names(old) - _type_names(new), _type_names(new) - _type_names(old)
    if gone:
        yield Break(path, f"no longer {', '.join(sorted(gone))}", "messages")
    if come:
        yield Break(path, f"may now be {', '.join(sorted(come))}", "consumers")


def _choices(node: Node) -> list[Any] | None:
    return [node["const"]] if "const" in node else node.get("enum")


def _words(old: Node, new: Node, path: str) -> Iterator[Break]:
    before, after = _choices(old), _choices(new)
    if before is None and after is None:
        return
    gone = "everything else" if before is None else [word for word in before if after and word not in after]
    come = "anything" if after is None else [word for word in after if before and word not in before]
    if gone:
        yield Break(path, f"{gone} no longer allowed", "messages")
    if come:
        yield Break(path, f"{come} may now come", "consumers")


def _texts(old: Node, new: Node, path: str) -> Iterator[Break]:
    for keyword in ("pattern", "format"):
        before, after = old.get(keyword), new.get(keyword)
        if before == after:
            continue
        if after is not None:
            yield Break(path, f"{keyword} is now {after}", "messages")
        if before is not None:
            yield Break(path, f"{keyword} is no longer {before}", "consumers")
    if "default" in old and (("default" not in new) or old["default"] != new["default"]):
        yield Break(path, f"a missing member no longer means {old['default']!r}", "messages")


def _bounds(old: Node, new: Node, path: str) -> Iterator[Break]:
    for keyword, sign in (*((k, 1) for k in LOWER), *((k, -1) for k in UPPER)):
        before, after = old.get(keyword), new.get(keyword)
        if before == after:
            continue
        if after is not None and (before is None or sign * after > sign * before):
            yield Break(path, f"{keyword} is now {after}", "messages")
        else:
            yield Break(path, f"{keyword} is no longer {before}", "consumers")


def _required(old: Node, new: Node, path: str) -> Iterator[Break]:
    before, after = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(after - before):
        yield Break(f"{path}.{name}", "member now required", "messages")
    for name in sorted(before - after):
        yield Break(f"{path}.{name}", "member may now be missing", "consumers")


def _unknown(old: Node, new: Node, path: str) -> Iterator[Break]:
    for keyword in sorted({*old, *new} - HANDLED - ANNOTATIONS):
        if old.get(keyword) != new.get(keyword):
            yield Break(path, f"{keyword} differs, and this comparison does not know it", "messages")
