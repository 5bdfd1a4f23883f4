"""What the guards look at: the modules that are there, what they import and use, the files under version control."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
ROOMS = ("enforcement", "projections", "streams", "api")
MADE = {".git", ".venv", "var", "build", "dist"}


class Use(NamedTuple):
    """A name that a module uses, and where."""

    name: str
    place: str


@cache
def modules() -> dict[str, Path]:
    """Dotted name → file, of every module of ours that exists."""
    found = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


@cache
def imports(name: str) -> tuple[Use, ...]:
    """Everything a module imports, by full name: `from a import b` gives `a.b`."""
    return tuple(_imports(name))


def _imports(name: str) -> Iterator[Use]:
    path = modules()[name]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (Use(alias.name, place(path, node)) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = absolute(name, path, node)
            yield from (Use(f"{source}.{alias.name}", place(path, node)) for alias in node.names)


def absolute(name: str, path: Path, node: ast.ImportFrom) -> str:
    """The full name of what an import statement takes names from."""
    if not node.level:
        return node.module or ""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    return ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])


@cache
def attributes(name: str) -> tuple[Use, ...]:
    """Every dotted name that a module reads: `datetime.now`, `os.environ.get`."""
    return tuple(_attributes(name))


def _attributes(name: str) -> Iterator[Use]:
    path = modules()[name]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            yield Use(ast.unparse(node), place(path, node))


def place(path: Path, node: ast.stmt | ast.expr) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def within(name: str, *packages: str) -> bool:
    """Whether a dotted name is one of the packages or lies in one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


@cache
def files() -> tuple[Path, ...]:
    """Every file under version control or about to be; without git, every file that is not made."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return tuple(
            p for p in sorted(ROOT.rglob("*")) if p.is_file() and not MADE & set(p.relative_to(ROOT).parts)
        )
    return tuple(path for line in listed.splitlines() if (path := ROOT / line).is_file())


def texts() -> Iterator[tuple[str, int, str]]:
    """(file, line number, line) of every text under version control."""
    for path in files():
        try:
            content = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(content.splitlines(), 1):
            yield str(path.relative_to(ROOT)), number, line
