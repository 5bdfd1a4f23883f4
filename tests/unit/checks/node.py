"""The second verifier, in JavaScript, run by Node: many transcripts in one process."""

import base64
import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[3] / "api/static/verify_draw.js"
MANY = """
const { verifyDraw } = require(process.argv[1]);
const given = JSON.parse(require("node:fs").readFileSync(0));
console.log(JSON.stringify(given.map((text) => verifyDraw(Buffer.from(text, "base64")))));
"""


def verify(documents: Sequence[bytes]) -> list[dict[str, Any]]:
    """What the second verifier says of each document."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node found: install one (Debian, Ubuntu: apt-get install nodejs)")
    given = json.dumps([base64.b64encode(document).decode() for document in documents])
    done = subprocess.run(
        [node, "-e", MANY, str(SCRIPT)], input=given, capture_output=True, text=True, check=True, timeout=300
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def differences(documents: Sequence[bytes]) -> list[str | None]:
    return [report["difference"] for report in verify(documents)]
