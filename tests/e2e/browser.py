"""Chromium without a window, driven over a pipe by its own protocol: keys and clicks as a person gives them."""

import json
import os
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
)
PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}


class Browser:
    """One page of one browser."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = os.fdopen(to, "wb", 0), os.fdopen(back, "rb", 0)
        self._numbers, self._rest, self._session = count(1), b"", ""
        self.console: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "DOM", "Log"):
            self.ask(f"{domain}.enable")
        self.ask("Emulation.setDeviceMetricsOverride", **PHONE)

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._to.write(json.dumps(message).encode() + b"\0")
        while (found := self._read()).get("id") != number:
            pass
        assert "error" not in found, found
        result: dict[str, Any] = found["result"]
        return result

    def until(self, event: str) -> None:
        """Wait for an event."""
        while self._read().get("method") != event:
            pass

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            block = self._back.read(65536)
            assert block, "the browser is gone"
            self._rest += block
        text, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(text)
        if found.get("method") == "Log.entryAdded":
            self.console.append(found["params"]["entry"]["text"])
        return found

    def scripts(self, on: bool) -> None:
        self.ask("Emulation.setScriptExecutionDisabled", value=not on)

    def visit(self, url: str) -> None:
        self.ask("Page.navigate", url=url)
        self.until("Page.loadEventFired")

    def node(self, selector: str) -> int:
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        found: int = self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        assert found, selector
        return found

    def type(self, selector: str, text: str) -> None:
        self.ask("DOM.focus", nodeId=self.node(selector))
        self.ask("Input.insertText", text=text)

    def choose(self, selector: str, *files: Path) -> None:
        self.ask("DOM.setFileInputFiles", nodeId=self.node(selector), files=[str(file) for file in files])

    def press(self, selector: str) -> None:
        """Click what leads to another page."""
        node = self.node(selector)
        self.ask("DOM.scrollIntoViewIfNeeded", nodeId=node)
        box = self.ask("DOM.getBoxModel", nodeId=node)["model"]["content"]
        at = {"x": (box[0] + box[2]) / 2, "y": (box[1] + box[5]) / 2, "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, **at)
        self.until("Page.loadEventFired")

    def html(self, selector: str = "html") -> str:
        text: str = self.ask("DOM.getOuterHTML", nodeId=self.node(selector))["outerHTML"]
        return text

    def width(self) -> float:
        """How wide the page is, in CSS pixels."""
        found: float = self.ask("Page.getLayoutMetrics")["cssContentSize"]["width"]
        return found

    def picture(self, file: Path) -> None:
        """The whole page as a PNG."""
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True, clip={**size, "scale": 1})
        file.write_bytes(b64decode(shot["data"]))


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser with a profile of its own; skipped where none is installed."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no Chromium found: install one (Debian, Ubuntu: apt-get install chromium)")
    to_read, to_write = os.pipe()
    back_read, back_write = os.pipe()
    # the protocol is spoken on descriptors 3 and 4
    command = ["bash", "-c", f'exec "$@" 3<&{to_read} 4>&{back_write}', "bash", program, *FLAGS]
    running = subprocess.Popen(
        [*command, f"--user-data-dir={folder / 'profile'}"],
        pass_fds=(to_read, back_write),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(to_read)
    os.close(back_write)
    made = Browser(to_write, back_read)
    try:
        yield made
    finally:
        made._session = ""
        made.ask("Browser.close")
        running.wait(60)
        made._to.close()
        made._back.close()
