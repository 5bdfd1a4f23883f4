"""Grounds 理由 not to file, not to punish, or to punish more lightly (P 19, 20; APL 30–33), and limitation (APL 36).

A ground is a code with the facts it needs; whether a fact is there is found by people. Must and may are kept apart: a
must binds the bureau, a may is the head's discretion.
"""

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from enforcement.errors import Breach
from enforcement.law.dated import coded_on, rows_on
from enforcement.law.norms import text_of
from enforcement.values import Text

FACTS = {
    "minor": Text("the act is minor", "违法行为轻微"),
    "corrected": Text("corrected in time", "及时改正"),
    "no_harm": Text("no harm", "没有造成危害后果"),
    "light_harm": Text("light harm", "危害后果轻微"),
    "first_offence": Text("first offence", "初次违法"),
    "no_fault_proved": Text("proof of no subjective fault", "有证据足以证明没有主观过错"),
    "under_14": Text("under 14 years", "不满十四周岁"),
    "age_14_to_18": Text("14 to 18 years", "已满十四周岁不满十八周岁"),
    "incapable": Text("unable to recognise or control the act", "不能辨认或者不能控制自己行为"),
    "harm_reduced": Text("harm removed or reduced", "主动消除或者减轻危害后果"),
    "coerced": Text("coerced or lured", "受胁迫或者诱骗"),
    "confessed": Text("confessed what was unknown", "主动供述尚未掌握的违法行为"),
    "merit": Text("merit in helping", "有立功表现"),
    "limitation_over": Text("limitation period over", "超过追诉时效"),
}


@dataclass(frozen=True)
class Ground:
    """One ground. `effect`: must_not_file, may_not_file, must_not_punish, may_not_punish or must_lighter.

    `education` = the party must be educated 教育 (APL 33(3)); `gains_kept` = gains are not confiscated, but the duty to
    refund stays (Order 118 art 15).
    """

    code: str
    effect: str
    article: str
    name: Text
    requires: tuple[str, ...]
    education: bool
    gains_kept: bool

    @property
    def must(self) -> bool:
        """应当 rather than 可以."""
        return self.effect.startswith("must")


@dataclass(frozen=True)
class Limitation:
    """追诉时效: the last day on which discovery is in time; `over` when it came later."""

    last_day: date
    over: bool
    article: str
    explanation: Text


def ground(code: str, on: date) -> Ground:
    """The ground with a code on a day; NotFound when there is none."""
    row = coded_on("grounds", "grounds", code, on)
    return Ground(
        code=row["code"],
        effect=row["effect"],
        article=row["article"],
        name=text_of(row["name"]),
        requires=tuple(row["requires"]),
        education=row.get("education", False),
        gains_kept=row.get("gains_kept_refund_due", False),
    )


def grounds(on: date, effect: str | None = None) -> tuple[Ground, ...]:
    """Every ground on a day, or those with one effect."""
    found = (ground(row["code"], on) for row in rows_on("grounds", "grounds", on))
    return tuple(g for g in found if effect is None or g.effect == effect)


def discovery_kinds(on: date) -> dict[str, Text]:
    """What counts as discovery 发现 of an act, by code: the first of them ends the limitation period (reading)."""
    return {row["code"]: text_of(row["name"]) for row in rows_on("grounds", "discovery", on)}


def lighter_required(code: str, on: date) -> bool:
    """Whether this ground binds the bureau to a lighter or reduced penalty."""
    return ground(code, on).effect == "must_lighter"


def check_ground(
    code: str, found: Collection[str], on: date, *, educated: bool | None = None
) -> list[Breach]:
    """The facts a ground still lacks, and the education it demands (`educated` None = not asked yet)."""
    wanted = ground(code, on)
    breaches = []
    missing = [FACTS[fact] for fact in wanted.requires if fact not in found]
    if missing:
        message = Text(
            f"{code} ({wanted.name.en}) needs: {', '.join(m.en for m in missing)}",
            f"{code}（{wanted.name.zh}）尚缺：{'、'.join(m.zh for m in missing)}",
        )
        breaches.append(Breach("ground-not-met", wanted.article, message))
    if wanted.education and educated is False:
        message = Text(
            "the party must be educated when it is not punished", "不予行政处罚的，应当对当事人进行教育"
        )
        breaches.append(Breach("education-missing", "APL 33(3)", message))
    return breaches


def limitation(ended: date, on: date, *, discovered: date | None = None, life: bool = False) -> Limitation:
    """追诉时效 of an act that was done, or ended, on `ended`, judged on `on`: two years, with `life` five (APL 36).

    `life` = life, health or financial safety touched, with harm. The day of the act is not counted; the last day is the
    same day of the year and does not roll. The time stops at discovery, the first of report, on-site record, transfer
    and filing (reading); None = not discovered before `on`. NotFound when no rule is in force on `on`.
    """
    row = coded_on("grounds", "limitation", "life" if life else "ordinary", on, "kind")
    last = _years_later(ended, row["years"])
    seen = discovered or on
    explanation = Text(
        f"{row['years']} years from {ended}: discovery until {last} is in time; discovered {seen}",
        f"自{ended}起{row['years']}年，{last}以前发现的未超过时效；{seen}发现",
    )
    return Limitation(last, seen > last, row["article"], explanation)


def _years_later(day: date, years: int) -> date:
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))
