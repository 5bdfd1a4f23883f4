"""How a policy is written: YAML (or JSON, which YAML contains), of which no scalar but true, false and null is
interpreted.

Numbers and days stay the text that they are, so no float ever exists, `on` is a word and not a truth, and the hash
does not depend on the way a number is spelled by a library. A key may stand once; anchors and tags are refused.
"""

import hashlib
import re
from collections.abc import Hashable
from typing import Any

import yaml

from enforcement.envelope import dumped
from enforcement.errors import InvalidData
from enforcement.values import Text


class _Loader(yaml.SafeLoader):
    """YAML's core without its guesses."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if (
            isinstance(event, yaml.AliasEvent)
            or getattr(event, "anchor", None)
            or getattr(event, "tag", None)
        ):
            raise yaml.MarkedYAMLError(
                problem="anchors, aliases and tags are not used", problem_mark=event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} stands twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}

for _word in WORDS:
    _Loader.add_implicit_resolver(f"!{_word}", re.compile(f"^{_word}$"), [_word[0]])
    _Loader.add_constructor(f"!{_word}", lambda loader, node: WORDS[node.value])


def read(text: str) -> Any:
    """The document of a text; InvalidData says where it cannot be read."""
    try:
        return yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = f" (line {mark.line + 1})" if mark else ""
        said = Text(f"not YAML: {error.problem}{at}", f"不是 YAML：{error.problem}{at}")
        raise InvalidData({"policy": [said]}) from None
    except yaml.YAMLError as error:
        raise InvalidData({"policy": [Text(f"not YAML: {error}", f"不是 YAML：{error}")]}) from None


def digest(document: Any) -> str:
    """SHA-256 of the document's canonical JSON (RFC 8785), in hex."""
    return hashlib.sha256(dumped(document)).hexdigest()
