"""Regular expressions by the grammar of RFC 9485, matched as a whole."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.checks import verify_draw
from enforcement.checks.iregexp import NotIRegexp, matches, natural, parse

MATCHING = [
    ("[0-9]{4}\\.[0-9]{2}", "3245.67", "3,245.67"),
    ("a|b", "a", "ab"),
    ("", "", "a"),
    ("a?", "", "aa"),
    ("a*", "aaaa", "ab"),
    ("a+", "a", ""),
    ("a{2}", "aa", "aaa"),
    ("a{2,}", "aaaaa", "a"),
    ("a{0,2}", "aa", "aaa"),
    ("a{0}", "", "a"),
    ("(ab|c){2}", "cab", "ca"),
    ("(a*)*", "aaa", "b"),
    ("(a?){3}", "aa", "aaaa"),
    ("(|a)+", "aa", "b"),
    ("(a|ab)(c|bcd)", "abcd", "abd"),
    (".", "中", "\n"),
    (".", "𠮷", "\r"),
    (".", "\u2028", ""),
    ("^a$", "^a$", "a"),
    ("$", "$", ""),
    ("[^a]", "\n", "a"),
    ("[a-c-]", "-", "d"),
    ("[-a]", "-", "b"),
    ("[-]", "-", "a"),
    ("[--]", "-", "a"),
    ("[^-a]", "b", "-"),
    ("[\\]\\[]", "]", "a"),
    ("[a^]", "^", "b"),
    ("[.]", ".", "a"),
    ("[(]", "(", ")"),
    ("[&&~|]", "&", "a"),
    ("\\n\\r\\t", "\n\r\t", "nrt"),
    ("\\{\\}\\|\\^\\-\\.\\?\\*\\+\\(\\)\\[\\]\\\\", "{}|^-.?*+()[]\\", "{}"),
    ("第[0-9]{3}期", "第123期", "第12期"),
    ("[一-龥]+", "中国", "abc"),
    ("a-b", "a-b", "ab"),
    ("a,b", "a,b", "ab"),
    ("x{1000000000}|y", "y", "x"),
    ("(x*){1000000000,}", "xx", "y"),
]
NONE = [
    *(
        "( ) a) (a [ [] [^] ] { } a{ a{} a{,2} a{2 a{1,2,3} a{2,1} * +a a** a+? a?? (?:a) (?i)a a|* ()*+ a{１}".split()
    ),
    *(r"\d \w \s \b \$ \1 \ \p{Nd} \P{L} [\p{L}] [b-a] [a--] [--a] [a-b-c] [[] [a \u0041".split()),
]


@pytest.mark.parametrize(("pattern", "yes", "no"), MATCHING)
def test_expression_matches_the_whole_text_or_not(pattern: str, yes: str, no: str) -> None:
    assert matches(parse(pattern), yes)
    assert not matches(parse(pattern), no)
    assert not matches(parse(pattern), yes + "\n") or "\n" in yes or "^" in pattern[1:2]


@pytest.mark.parametrize("pattern", NONE)
def test_what_the_grammar_does_not_have_is_refused(pattern: str) -> None:
    with pytest.raises(NotIRegexp):
        parse(pattern)
    with pytest.raises(verify_draw.Differs):
        verify_draw.matches(pattern, "")


@pytest.mark.parametrize(("pattern", "yes", "no"), MATCHING[:-2])
def test_the_verifier_matches_the_same(pattern: str, yes: str, no: str) -> None:
    assert verify_draw.matches(pattern, yes)
    assert not verify_draw.matches(pattern, no)


SIMPLE = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,}"])).map(
            lambda p: f"({p[0]}){p[1]}"
        ),
    ),
    max_leaves=6,
)


@given(SIMPLE, st.text("abc", max_size=6))
def test_simple_expressions_mean_what_they_mean_elsewhere(pattern: str, text: str) -> None:
    assert matches(parse(pattern), text) == bool(re.fullmatch(pattern, text))


def test_an_expression_that_explodes_elsewhere_is_quick() -> None:
    assert not matches(parse("(a*)*b"), "a" * 200)
    assert matches(parse("(((a|a)*)*)*"), "a" * 200)


def test_groups_nested_beyond_reason_are_refused() -> None:
    with pytest.raises(NotIRegexp, match="nested too deeply"):
        parse("(" * 5000)


def test_whole_numbers_have_any_length() -> None:
    assert natural("7" * 10_000) == 7 * (10**10_000 - 1) // 9
