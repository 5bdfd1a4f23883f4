"""From a campaign's plan to the freeze object, and from that to its event. Pure."""

from collections.abc import Mapping
from typing import Any

from enforcement.checks.campaign import Campaign
from enforcement.checks.campaign_files import Kept
from enforcement.checks.frozen import plan_hash


def plan_of(it: Campaign, freeze: Mapping[str, Any], now: str) -> dict[str, Any]:
    """The members of the freeze object that are not lists, from the plan and from what is frozen with it."""
    item = it.facts["item"]
    return {
        "campaign": it.id,
        "replaces": it.facts["replaces"],
        "item": {
            "code": item["code"],
            "kind": item["kind"],
            "skill": item.get("skill"),
            "directed": it.facts["directed"],
            "filter": it.facts["filter"],
        },
        "team": it.facts["team"],
        "policy": it.facts["policy"],
        "entropy": freeze["entropy"],
        "excluded": freeze.get("excluded", []),
        "frozen_at": now,
    }


def frozen_as(made: dict[str, Any], kept: Kept) -> dict[str, Any]:
    """What the event says of a freeze that was made and put away."""
    entropy = made["entropy"]
    sizes = {name: made[f"{name}_size"] for name in ("objects", "inspectors", "conflicts")}
    return {
        "plan_hash": plan_hash(made).hex(),
        **kept._asdict(),
        **sizes,
        "excluded": len(made["excluded"]),
        "sample": sum(stratum["sample"] for stratum in made["strata"]),
        "frozen_at": made["frozen_at"],
        "reveal_by": entropy["reveal_by"],
        "parties": [party["name"] for party in entropy["parties"]],
        "public": entropy["public"],
    }
