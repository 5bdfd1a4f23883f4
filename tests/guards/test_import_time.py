"""Nothing happens at import: no socket, no process, no file written, no database, no thread, no law read."""

import subprocess
import sys

from tests.guards.sources import ROOMS, ROOT, imports, modules, within

WATCHED = """
import contextlib, importlib, sys, threading

FORBIDDEN = {"socket.connect", "socket.bind", "socket.getaddrinfo", "sqlite3.connect",
             "subprocess.Popen", "os.system", "os.mkdir", "os.remove", "os.rename"}
ours, foreign = (names.split(",") for names in sys.argv[1:])
done = []

def watch(event, arguments):
    written = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    law = event == "open" and str(arguments[0]).endswith(".toml")
    if event in FORBIDDEN or written or law:
        done.append(f"{event} {arguments}")

for name in foreign:  # what a library does when it is imported is not ours to forbid
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
sys.addaudithook(watch)
for name in ours:
    before, threads = len(done), threading.active_count()
    importlib.import_module(name)
    for what in done[before:]:
        print(f"{name}: {what}")
    if threading.active_count() != threads:
        print(f"{name}: started a thread")
"""


def test_importing_every_module_does_nothing() -> None:
    used = {use.name for name in modules() for use in imports(name) if not within(use.name, *ROOMS)}
    libraries = sorted({".".join(name.split(".")[:n]) for name in used for n in range(1, 4)})
    run = subprocess.run(
        [sys.executable, "-B", "-c", WATCHED, ",".join(modules()), ",".join(libraries)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
