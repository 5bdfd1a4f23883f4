"""What one row of the violation catalogue is: its articles, its consequences, its circumstances.

Pure values without any look-up; `violations` reads the rows, `penalties` judges a proposal by them.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from enforcement.errors import Breach, Refused
from enforcement.law.norms import Norm, in_force
from enforcement.values import Text

REFUSES, NOT_DONE, SERIOUS, LOSS = "refuses", "not_done", "serious", "loss"
ORDER_FLAGS = frozenset({REFUSES, NOT_DONE})
FLAGS = ORDER_FLAGS | {SERIOUS, LOSS, "failed", "contact_lens"}


@dataclass(frozen=True)
class Cite:
    """A penalty article of a row; `band_of` names the article whose figure applies where this one sets none."""

    article: str
    norm: Norm
    band_of: str | None

    @property
    def print_article(self) -> bool:
        """False where the number may not stand in a document before a person has checked it."""
        return self.norm.print_article


@dataclass(frozen=True)
class Consequence:
    """One consequence of a row: its kind, when it follows, whether it must, and the figures of a fine (CNY or factor).

    `when` holds circumstances of which one must be given; empty means always. `cites` limits it to some articles.
    `shown` is the other reading of the text, to be shown beside the default.
    """

    kind: str
    mandatory: bool
    when: frozenset[str]
    cites: frozenset[str]
    basis: str | None
    min: Decimal
    max: Decimal | None
    cap: Decimal | None
    floor: Decimal | None
    sole_trader_max: Decimal | None
    detail: Text | None
    status: str
    reason: str
    shown: str | None

    @property
    def requires_order(self) -> bool:
        """Two-step 先责令改正: an order to correct must have been given, checked and not obeyed (or other `when`)."""
        return bool(self.when & ORDER_FLAGS)

    def under(self, article: str) -> bool:
        """Whether it belongs to this article of its row."""
        return not self.cites or article in self.cites

    def met(self, flags: frozenset[str]) -> bool:
        """Whether the circumstances given are enough for it."""
        return not self.when or bool(self.when & flags)


@dataclass(frozen=True)
class Violation:
    """One unlawful act 违法行为. `cites[0]` is the default penalty article, `duties` the articles broken."""

    code: str
    act: Text
    jurisdiction: str
    status: str
    reason: str
    valid_from: date
    valid_to: date | None
    cites: tuple[Cite, ...]
    duties: tuple[str, ...]
    consequences: tuple[Consequence, ...]
    needs: frozenset[str]
    party: str | None
    via: tuple[str, ...]
    shown: str | None
    notes: tuple[Text, ...]

    @property
    def article(self) -> str:
        """The default cite."""
        return self.cites[0].article

    @property
    def requires_order(self) -> bool:
        """Whether some consequence of the row is two-step."""
        return any(consequence.requires_order for consequence in self.consequences)

    def applies_in(self, jurisdiction: str) -> bool:
        """Whether the row belongs to a jurisdiction: national rows to all, those of Zhejiang to `zhejiang`."""
        return self.jurisdiction in ("national", jurisdiction)

    def cite(self, article: str | None = None) -> Cite:
        """The cite of that article (spaces do not matter), the default one for None; Refused when it is another."""
        if article is None:
            return self.cites[0]
        for cite in self.cites:
            if "".join(cite.article.split()) == "".join(article.split()):
                return cite
        raise Refused([self._not_cited(article)])

    def _not_cited(self, article: str) -> Breach:
        listed = [cite.article for cite in self.cites]
        message = Text(
            f"{article} is no penalty article of {self.code}; cite {' or '.join(listed)}",
            f"{article} 不是{self.code}的处罚依据；应引用 {'、'.join(listed)}",
        )
        return Breach("cite-not-in-row", self.article, message)

    def under(self, cite: Cite) -> tuple[Consequence, ...]:
        """The consequences that follow when this article is cited."""
        article = cite.band_of or cite.article
        return tuple(c for c in self.consequences if c.under(article) or c.under(cite.article))

    def on(self, day: date) -> "Violation":
        """The row as it stands on a day: with the articles whose text is in force then."""
        cites = tuple(c for c in self.cites if in_force(c.norm.valid_from, c.norm.valid_to, day))
        return self if cites == self.cites else replace(self, cites=cites)
