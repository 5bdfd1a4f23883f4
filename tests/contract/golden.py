"""Every schema ever released, as files; and what may not differ between them and what this release says.

A file, once released, is never changed or removed. `announced.txt` names the few breaks that were agreed with the
consumers beforehand, each with its reason; a line that names no break fails like a break that no line names.
"""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import orjson

import enforcement.ledger  # noqa: F401  makes all event types known
from enforcement import envelope, old_schemas, schemas
from streams import published
from tests.contract.compare import breaks, meaning

FOLDER = Path(__file__).parents[1] / "golden" / "schemas"
KEPT = Path(old_schemas.__file__).parent
ANNOUNCED = FOLDER / "announced.txt"
SEPARATOR = " — "
ENVELOPE = "envelope"
PUBLIC = "public.penalty"
ONE_AT_A_TIME = (ENVELOPE, PUBLIC)
"""What has one form at a time, and is not served by version."""
ADVICE = "raise the version for a new form; delete the golden file only where no release ever had it"


class Version(NamedTuple):
    """One version of one schema."""

    topic: str
    number: int

    @property
    def file(self) -> str:
        return f"{self.topic}.v{self.number}.json"

    @classmethod
    def of_file(cls, path: Path) -> "Version":
        topic, _, number = path.stem.rpartition(".v")
        return cls(topic, int(number))


Schemas = dict[Version, dict[str, Any]]


def current() -> Schemas:
    """What this release says of every version that it serves; a version whose file is missing is left out."""
    served = {Version(*v): found for v in schemas.versions() if (found := schemas.of(*v))}
    others = {
        Version(ENVELOPE, envelope.FORM): schemas.envelope_schema(),
        Version(PUBLIC, published.FORM): published.SCHEMA,
    }
    return {**others, **served}


def released(folder: Path = FOLDER) -> Schemas:
    """What the golden files say."""
    return {Version.of_file(path): orjson.loads(path.read_bytes()) for path in sorted(folder.glob("*.json"))}


def announced(text: str) -> dict[str, str]:
    """Break → reason; ValueError for a line without a reason."""
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            what, separator, reason = line.rpartition(SEPARATOR)
            if not separator or not reason.strip():
                raise ValueError(f"{line!r} gives no reason")
            found[what.strip()] = reason.strip()
    return found


def faults(golden: Schemas, now: Schemas, known: dict[str, str]) -> list[str]:
    """Everything that a consumer could not rely on any more, as sentences."""
    found = [f"{v.file} is missing: run make schemas" for v in sorted(now.keys() - golden.keys())]
    gone = sorted(v for v in golden.keys() - now.keys() if v.topic not in ONE_AT_A_TIME)
    found += [f"{v.file} was released and is no longer served" for v in gone]
    found += [
        f"{v.topic} version {v.number} is not what was released: {ADVICE}"
        for v in sorted(golden.keys() & now.keys())
        if meaning(golden[v]) != meaning(now[v])
    ]
    broken = set(steps(golden | now))
    found += sorted(broken - known.keys())
    found += [f"announced, but not so: {what}" for what in sorted(known.keys() - broken)]
    return found


def steps(every: Schemas) -> Iterator[str]:
    """The breaks between any two versions of one schema."""
    for old, new in combinations(sorted(every), 2):
        if old.topic == new.topic:
            for found in breaks(every[old], every[new]):
                yield f"{old.topic} v{old.number} → v{new.number} {found}"


def write(folder: Path = FOLDER, kept: Path = KEPT) -> Iterator[str]:
    """Add the files of new versions, and keep those of versions that are no longer written. Changes none."""
    for version, schema in current().items():
        path = folder / version.file
        if not path.exists():
            path.write_bytes(printed(schema))
            yield f"added {version.file}"
    written = {event.TOPIC: event.class_version for event in schemas.registry().values()}
    for version in released(folder):
        path = kept / version.file
        if version.number < written.get(version.topic, 0) and not path.exists():
            path.write_bytes((folder / version.file).read_bytes())
            yield f"kept {version.file} in {kept.name}"


def printed(schema: dict[str, Any]) -> bytes:
    """The form of a file: a member a line, so that a difference can be read."""
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
