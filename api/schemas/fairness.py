"""What is answered about fairness and the indicators of random checks."""

from marshmallow import fields

from api.schemas.parts import Answer, flag, listing, many, maybe, number, one, string


def real(**kwargs: object) -> fields.Field[float]:
    """A number that is not whole."""
    return fields.Float(required=True, allow_none=bool(kwargs.get("allow_none")))


class Share(Answer):
    """`found` of `of`, with its 95 % interval."""

    found = number()
    of = number()
    share = real(allow_none=True)
    low = real()
    high = real()


class Repeats(Answer):
    """Pairs that met again: observed, expected by chance, and how likely as many or more are."""

    observed = number()
    expected = real()
    p_value = real()


class InspectorFairness(Answer):
    """One inspector. `apart`: the interval of the findings leaves the bureau's share out."""

    inspector = string()
    inspections = number(metadata={"description": "how many the draw gave"})
    repeats = one(Repeats, allow_none=True)
    leave = real()
    recusals = one(Share)
    findings = one(Share)
    apart = flag()


class Organiser(Answer):
    """One organiser: campaigns, redraws, recusals, and voids by their reasons."""

    organiser = string()
    campaigns = number()
    redraws = number()
    recusals = number()
    voided = fields.Dict(required=True)


class Fairness(Answer):
    """Load, repeated pairs, leave, recusals, strictness; redraws and voids."""

    since = string()
    until = string()
    inspections = number()
    findings = one(Share)
    repeats = one(Repeats)
    inspectors = many(InspectorFairness)
    organisers = many(Organiser)


class GradeFindings(Share):
    """Findings of one credit class; `lift`: how many times the share of all."""

    grade = string()
    lift = real(allow_none=True)


class Prediction(Answer):
    """Findings of random checks by credit class."""

    overall = one(Share)
    classes = many(GradeFindings)


class Indicator(Share):
    """An indicator under the bureau's own name."""

    zh = string()
    en = maybe()


IndicatorList = listing("IndicatorList", Indicator, "The indicators of random checks.")
