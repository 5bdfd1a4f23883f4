"""The topics of one ledger: names, keys, partitions, and what the broker is told to keep.

The number of partitions stays what it was when a topic was made: a key would move to another partition otherwise
and its order would be lost. So the number is remembered where the cursor is, and a topic that has another one,
or is told to cut what must never be cut, is refused before a single message is sent.
"""

from collections.abc import Mapping
from typing import NamedTuple

from enforcement.settings import Settings
from enforcement.values import Text
from streams.port import Fatal, Topic

KEPT = {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"}
"""Never cut: whoever comes late reads everything from the beginning."""
COMPACTED = {"cleanup.policy": "compact"}
THIRTY_DAYS = {"cleanup.policy": "delete", "retention.ms": str(30 * 24 * 3600 * 1000)}
ENVELOPES = b"application/cloudevents+json"
JSON = b"application/json"


class Topics(NamedTuple):
    """The topics of one installation, by what they carry."""

    ledger: Topic
    classes: Topic
    public: Topic
    checkpoints: Topic
    parked: Topic

    @classmethod
    def of(cls, settings: Settings) -> "Topics":
        """Names and sizes as the settings wish them."""
        return cls.named(settings.topic_prefix, settings.partitions)

    @classmethod
    def named(cls, prefix: str, partitions: int) -> "Topics":
        """Every topic with this first part of its name; heads are one sequence and have one partition."""
        return cls(
            ledger=Topic(f"{prefix}ledger.v1", partitions, KEPT),
            classes=Topic(f"{prefix}classes.v1", partitions, COMPACTED),
            public=Topic(f"{prefix}public.v1", partitions, KEPT),
            checkpoints=Topic(f"{prefix}checkpoints.v1", 1, KEPT),
            parked=Topic(f"{prefix}parked.v1", partitions, THIRTY_DAYS),
        )


def check(wanted: Topic, found: Topic) -> None:
    """Fatal, with what to do, when a topic is not as it was recorded."""
    if found.partitions != wanted.partitions:
        raise Fatal(
            Text(
                f"topic {wanted.name} has {found.partitions} partitions, expected are {wanted.partitions}: the number "
                "is fixed for the life of a topic, or the order of each key is lost; restore the topic or use "
                "another STEELYARD_TOPIC_PREFIX",
                f"主题 {wanted.name} 有 {found.partitions} 个分区，应为 {wanted.partitions} 个：分区数不可变更，"
                "否则同一键的顺序无法保证；请恢复该主题或更换 STEELYARD_TOPIC_PREFIX",
            )
        )
    wrong = _misfits(wanted.config, found.config)
    if wrong:
        raise Fatal(
            Text(
                f"topic {wanted.name} is configured with {wrong}: it would lose or keep what it must not; correct it",
                f"主题 {wanted.name} 的配置 {wrong} 不符合要求，请更正",
            )
        )


def _misfits(wanted: Mapping[str, str], found: Mapping[str, str]) -> str:
    """What differs; an option that the broker does not tell is not held against it."""
    wrong = [
        f"{name}={found[name]} instead of {value}"
        for name, value in sorted(wanted.items())
        if found.get(name, value) != value
    ]
    return ", ".join(wrong)
