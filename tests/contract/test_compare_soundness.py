"""The comparison against validation itself: random schemas, random values, and no break that it fails to name."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.contract.compare import breaks

NAMES = st.sampled_from(["a", "b", "history"])
WORDS = st.sampled_from(["", "x", "xy", "xyz", "1"])


def bounds(low: str, high: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={low: st.integers(0, 2), high: st.integers(1, 3)})


def objects(members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    demands = st.lists(NAMES, unique=True, max_size=2)
    condition = st.fixed_dictionaries({"if": st.fixed_dictionaries({"required": demands})})
    return st.fixed_dictionaries(
        {"type": st.just("object"), "properties": st.dictionaries(NAMES, members, max_size=3)},
        optional={"required": demands},
    ).flatmap(
        lambda plain: st.one_of(
            st.just(plain),
            st.builds(lambda c, d: {**plain, **c, "else": {"required": d}}, condition, demands),
        )
    )


def null_too(node: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [node, {"type": "null"}]}


LEAVES = st.one_of(
    st.builds(lambda b: {"type": "string", **b}, bounds("minLength", "maxLength")),
    st.builds(lambda p: {"type": "string", "pattern": p}, st.sampled_from(["^x", "y$"])),
    st.builds(lambda w: {"enum": w}, st.lists(WORDS, min_size=1, max_size=3, unique=True)),
    st.builds(lambda w: {"const": w}, WORDS),
    st.builds(
        lambda k, b: {"type": k, **b}, st.sampled_from(["integer", "number"]), bounds("minimum", "maximum")
    ),
    st.builds(
        lambda k: {"type": k},
        st.lists(st.sampled_from(["string", "null", "boolean"]), unique=True, min_size=1),
    ),
    st.just({}),
)
SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        objects(inner),
        st.builds(lambda i, b: {"type": "array", "items": i, **b}, inner, bounds("minItems", "maxItems")),
        st.builds(null_too, inner.filter(lambda node: "type" in node)),
    ),
    max_leaves=5,
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-1, 4), st.floats(0, 3, width=16), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two schemas that differ here and there, as two versions do."""
    old = draw(SCHEMAS)
    return old, _changed(draw, old)


def _changed(draw: st.DrawFn, node: Any, named: bool = False) -> Any:
    if isinstance(node, dict):
        if not named and draw(st.integers(0, 5)) == 0:
            return draw(LEAVES)
        dropped = draw(st.sampled_from([*node, None, None, None]))
        changed = {k: _changed(draw, v, k == "properties") for k, v in node.items() if k != dropped}
        return {"properties": {}, **changed} if "required" in changed or "else" in changed else changed
    if isinstance(node, int) and not isinstance(node, bool):
        return draw(st.sampled_from([node, node, node + 1]))
    if isinstance(node, list) and len(node) > 1 and draw(st.booleans()):
        return node[:1]
    return node


def known(value: Any, schema: dict[str, Any]) -> Any:
    """The value with only those members that the schema names: nothing else was ever written under it."""
    schema = schema.get("anyOf", [schema])[0]
    if isinstance(value, dict) and "properties" in schema:
        named = schema["properties"]
        return {name: known(part, named[name]) for name, part in value.items() if name in named}
    if isinstance(value, list) and "items" in schema:
        return [known(part, schema["items"]) for part in value]
    return value


def values_of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that may come under the schema; most fit it."""
    schema = schema.get("anyOf", [schema])[0]
    if "properties" in schema:
        fitting: st.SearchStrategy[Any] = st.fixed_dictionaries(
            {}, optional={name: values_of(part) for name, part in schema["properties"].items()}
        )
    elif "items" in schema:
        fitting = st.lists(values_of(schema["items"]), max_size=4)
    else:
        fitting = VALUES
    return st.one_of(fitting, VALUES).map(lambda value: known(value, schema))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_broken_message_goes_unnamed(data: st.DataObject) -> None:
    old, new = data.draw(pairs())
    message = data.draw(values_of(old))
    if Draft202012Validator(old).is_valid(message) and not Draft202012Validator(new).is_valid(message):
        assert [b for b in breaks(old, new) if b.side == "messages"]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_broken_consumer_goes_unnamed(data: st.DataObject) -> None:
    old, new = data.draw(pairs())
    message = data.draw(values_of(new))
    if Draft202012Validator(new).is_valid(message) and not Draft202012Validator(old).is_valid(message):
        assert [b for b in breaks(old, new) if b.side == "consumers"]
