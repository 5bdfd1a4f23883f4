"""Writes what is not there yet: golden files of new event types, and their names in topics.txt."""

from tests.golden.files import EVENTS, TOPICS, golden, names, registered, write

if __name__ == "__main__":
    EVENTS.mkdir(exist_ok=True)
    for topic, version in registered().items():
        path = golden(topic, version)
        if not path.exists():
            write(topic, path)
            print(path.name)  # noqa: T201
    TOPICS.write_text("".join(f"{name}\n" for name in sorted({*names(), *registered()})), encoding="utf-8")
