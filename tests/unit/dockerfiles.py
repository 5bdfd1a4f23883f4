"""The files in docker/ as data: compose services with their variables filled in, Dockerfile instructions by stage."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "docker"
VARIABLE = re.compile(r"\$\{([A-Z_]+):-([^}]*)\}")
INSTRUCTIONS = """
    ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR
"""


class Instruction(NamedTuple):
    """One instruction, and the stage of the build in which it stands."""

    stage: str
    name: str
    value: str


def compose() -> dict[str, Any]:
    """The compose model with anchors merged; variables have the values that stand in the file."""
    text = (DOCKER / "compose.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(VARIABLE.sub(lambda given: given[2], text))
    return found


def ours() -> dict[str, dict[str, Any]]:
    """The services that run this program."""
    return {name: service for name, service in compose()["services"].items() if "build" in service}


def environment(service: dict[str, Any]) -> dict[str, str]:
    """The variables that the service's process gets from compose and image."""
    image = {
        name: value
        for instruction in dockerfile()
        if instruction.name == "ENV"
        for name, value in re.findall(r"(\w+)=(\S+)", instruction.value)
    }
    return {**image, **{name: str(value) for name, value in service["environment"].items()}}


def dockerfile() -> list[Instruction]:
    """The instructions; ValueError on a line that is none."""
    text = (DOCKER / "Dockerfile").read_text("utf-8")
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    stage, found = "", []
    for number, line in enumerate(filter(None, lines)):
        name, _, value = line.partition(" ")
        if name not in INSTRUCTIONS.split() or not value:
            raise ValueError(f"{line!r} is no instruction")
        if name == "FROM":
            stage = value.partition(" AS ")[2] or f"stage {number}"
        found.append(Instruction(stage, name, value.strip()))
    return found
