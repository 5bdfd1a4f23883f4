"""Where Apache Kafka comes from: jars by Maven, into a cache beside the user's other caches, never into the project.

Java and Maven are Debian's; as root on a machine without them they are installed. Whatever is missing is said in
a sentence, which becomes the reason of the skipped tests.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree

POM = Path(__file__).with_name("pom.xml")
PACKAGES = {"java": "default-jre-headless", "mvn": "maven"}


class Unavailable(Exception):
    """No broker can be had here; the text is the reason."""


def version() -> str:
    """The version of Kafka that the project is tested with."""
    found = ElementTree.parse(POM).find(".//{*}dependency/{*}version")
    assert found is not None
    assert found.text
    return found.text


def jars() -> Path:
    """The folder of jars, filled by the first who needs it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "steelyard"
    cache.mkdir(parents=True, exist_ok=True)
    libs = cache / f"kafka-{version()}"
    with (cache / "kafka.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        _ensure("java")
        if not libs.exists():
            _ensure("mvn")
            _copy(libs)
    return libs


def _ensure(program: str) -> None:
    if shutil.which(program):
        return
    package = PACKAGES[program]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Unavailable(f"no `{program}` on the PATH (Debian: apt-get install {package})")
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], environ)
    _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], environ)


def _copy(libs: Path) -> None:
    with tempfile.TemporaryDirectory(dir=libs.parent) as scratch:
        made = Path(scratch) / "libs"
        _run(
            ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={made}"],
            dict(os.environ),
        )
        made.rename(libs)


def _run(command: list[str], environ: dict[str, str]) -> None:
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise Unavailable(f"`{' '.join(command[:3])} …` failed: {said[-1] if said else done.returncode}")
