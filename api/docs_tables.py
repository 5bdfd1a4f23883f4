"""Tables and paragraphs of the made pages, in Markdown."""

from collections.abc import Iterator

MADE = "<!-- made by `python -m api.docs`; change the tables under enforcement/law/data, not this page -->"


def line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def joined(parts: list[str]) -> Iterator[str]:
    """Lines of one table or one block belong together, paragraphs apart."""
    block: list[str] = []
    fenced = False
    for part in parts:
        fence = part.startswith("```")
        if fenced or fence or part.startswith("|"):
            block.append(part)
            fenced = fenced != fence
            if fence and not fenced:
                yield "\n".join(block)
                block = []
            continue
        if block:
            yield "\n".join(block)
            block = []
        yield part
    if block:
        yield "\n".join(block)
