"""Whether a lot of prepackaged goods holds what its label says (JJF 1070; 定量包装商品计量监督管理办法).

Label 净含量标注, single packages 单件实际含量 and mean 平均实际含量 each have a verdict, and so has the whole.
For each package i, d_i = Qn − q_i. A package is a T1 error for T < d ≤ 2T, a T2 error for d > 2T; where T = 0 every
d > 0 is a T2 error. The mean passes while q̄ ≥ Qn − λ·s.

Nothing is rounded on the way to a verdict: means are fractions, and the mean test compares squares, so no root is
taken. What is printed (mean, s, limit) is rounded to be read. T is rounded half to even 修约; the verdict with T
rounded upwards, as OIML R 87 does, is computed beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from enforcement.checks import netcontent_tables as tables
from enforcement.checks.netcontent_tables import Plan, Rounding, Unit
from enforcement.errors import InvalidData
from enforcement.values import Text

SIGNIFICANT = 3
"""Digits of the number that amendment sheet 1 of JJF 1070-2023 recommends at most."""


@dataclass(frozen=True)
class Label:
    """The label as seen: the words 净含量, clear to the eye, and how high its characters are (mm)."""

    words: bool
    visible: bool
    height: Decimal


@dataclass(frozen=True)
class Lot:
    """A lot of `size` packages of `nominal` `unit`, and its readings in that unit: gross where there is a tare."""

    size: int
    nominal: Decimal
    unit: str
    readings: Sequence[Decimal]
    tare: Decimal = Decimal(0)
    label: Label | None = None


@dataclass(frozen=True)
class Counts:
    """How many packages are short by more than T and by more than 2T, and whether that many may be."""

    tolerance: Decimal
    t1: int
    t2: int
    passed: bool


@dataclass(frozen=True)
class Mean:
    """The mean test. `passed` None: lots of up to ten have none. Mean, s and limit as printed, in base units."""

    mean: Decimal
    deviation: Decimal | None
    limit: Decimal | None
    passed: bool | None


@dataclass(frozen=True)
class Verdict:
    """The whole answer. `shown` is the count with T rounded upwards; `label` and `overall` are None while not known."""

    plan: Plan
    single: Counts
    shown: Counts
    mean: Mean
    label: bool | None
    faults: tuple[Text, ...]
    notes: tuple[Text, ...]

    @property
    def content(self) -> bool:
        """实际含量: the single packages and, where there is one, the mean."""
        return self.single.passed and self.mean.passed is not False

    @property
    def overall(self) -> bool | None:
        """Label and content; a lot whose label nobody looked at can fail but not pass."""
        return False if not self.content else self.label

    @property
    def overall_shown(self) -> bool | None:
        """The same with T as R 87 rounds it."""
        content = self.shown.passed and self.mean.passed is not False
        return False if not content else self.label


def judge(lot: Lot, on: date, rounding: Rounding = "half-even") -> Verdict:
    """The verdict by the tables in force on a day. InvalidData: numbers that do not fit the plan; Refused: no T."""
    unit = tables.unit(lot.unit)
    plan = _plan(lot, unit, on)
    nominal = lot.nominal * unit.per
    net = [(reading - lot.tare) * unit.per for reading in lot.readings]
    other: Rounding = "up" if rounding == "half-even" else "half-even"
    single, shown = (
        _counts(nominal, net, tables.tolerance(unit.kind, nominal, on, each), plan)
        for each in (rounding, other)
    )
    faults, notes = _label(lot, unit, nominal, on)
    label = None if lot.label is None else not faults
    return Verdict(plan, single, shown, _mean(nominal, net, plan), label, faults, notes)


def _plan(lot: Lot, unit: Unit, on: date) -> Plan:
    """The plan, once size, quantity and readings make sense."""
    if lot.size < 1:
        raise InvalidData({"lot": [Text("expected 1 or more packages", "批量应为一件以上")]})
    if lot.nominal <= 0:
        raise InvalidData({"nominal": [Text("expected an amount above 0", "标注净含量应大于零")]})
    plan = tables.plan(lot.size, on)
    if len(lot.readings) != plan.sample:
        raise InvalidData({"readings": [_wrong_number(lot, plan)]})
    whole = [lot.nominal, *lot.readings, lot.tare]
    if unit.kind == "count" and any(number != int(number) for number in whole):
        raise InvalidData({"readings": [Text("pieces are whole numbers", "计数商品应为整数")]})
    if any(reading < lot.tare for reading in lot.readings):
        raise InvalidData({"readings": [Text("a gross reading below the tare", "毛重小于皮重")]})
    return plan


def _wrong_number(lot: Lot, plan: Plan) -> Text:
    return Text(
        f"a lot of {lot.size} packages asks for {plan.sample} readings ({plan.id}), {len(lot.readings)} are given",
        f"批量 {lot.size} 件应抽 {plan.sample} 件（{plan.id}），现有 {len(lot.readings)} 个读数",
    )


def _counts(nominal: Decimal, net: Sequence[Decimal], tolerance: Decimal, plan: Plan) -> Counts:
    short = [nominal - each for each in net]
    t1 = sum(tolerance < d <= 2 * tolerance for d in short)
    t2 = sum(d > 2 * tolerance for d in short)
    return Counts(tolerance, t1, t2, t1 <= plan.t1 and t2 <= plan.t2)


def _mean(nominal: Decimal, net: Sequence[Decimal], plan: Plan) -> Mean:
    """q̄ ≥ Qn − λ·s in exact arithmetic: the shortfall Qn − q̄ is none, or its square is at most λ²s²."""
    n = len(net)
    mean = Fraction(sum(net)) / n
    if plan.factor is None:
        return Mean(_printed(mean, 3), None, None, None)
    variance = sum(((Fraction(each) - mean) ** 2 for each in net), Fraction()) / (n - 1)
    shortfall = Fraction(nominal) - mean
    passed = shortfall <= 0 or shortfall**2 <= Fraction(plan.factor) ** 2 * variance
    with localcontext(prec=50):
        deviation = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
        limit = nominal - plan.factor * deviation
    return Mean(_printed(mean, 3), _printed(Fraction(deviation), 4), _printed(Fraction(limit), 3), passed)


def _printed(value: Fraction, places: int) -> Decimal:
    """A number to be read: so many decimals, half to even."""
    with localcontext(prec=60):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def _label(lot: Lot, unit: Unit, nominal: Decimal, on: date) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """What is wrong with the label (定包 5–7), and what is merely not recommended."""
    if lot.label is None:
        return (), ()
    rule = tables.label_rule(unit.kind, nominal, on)
    faults = []
    if rule.words and not lot.label.words:
        faults.append(Text("the words 净含量 are missing", "未标注“净含量”字样"))
    if not lot.label.visible:
        faults.append(Text("the label is not clearly visible", "净含量标注不清晰"))
    if not unit.fits(nominal):
        said = f"{unit.name} is not the unit for this amount (annex 1)"
        faults.append(Text(said, f"该数量不应以 {unit.name} 标注（附件1）"))
    if lot.label.height < rule.height:
        said = f"characters of {lot.label.height:f} mm, at least {rule.height:f} mm are due (annex 2)"
        faults.append(
            Text(said, f"字符高度 {lot.label.height:f} 毫米，应不小于 {rule.height:f} 毫米（附件2）")
        )
    return tuple(faults), _recommended(lot.nominal)


def _recommended(nominal: Decimal) -> tuple[Text, ...]:
    if len(nominal.normalize().as_tuple().digits) <= SIGNIFICANT:
        return ()
    return (
        Text(
            "more than 3 significant digits (recommended, JJF 1070-2023 sheet 1)",
            "有效数字超过三位（JJF 1070-2023 第1号修改单建议不超过三位）",
        ),
    )
