"""Who must recuse from whom 回避: a path of at most two relations from an officer to a business.

One step: the officer holds shares of the business. Two: the officer's spouse is its legal representative. The path
is the reason and is shown as it is; of several, a shortest one, the same for the same relations. Everything is by
ids; two people of one name are two people.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

STEPS = 2
OFFICER, BUSINESS = "inspector-", "entity-"


@dataclass(frozen=True)
class Link:
    """One relation on a path, as it is walked."""

    relation: str
    kind: str
    source: str
    target: str


class Relations:
    """The relations that hold on a day, as a graph.

    networkx comes with the first of them: a relay or a worker, which never asks, does without its twenty megabytes.
    """

    def __init__(self, relations: Iterable[Mapping[str, Any]]) -> None:
        """Each with `relation`, `kind`, `a`, `b`; of several between the same two, the first by id is shown."""
        self._nx = import_module("networkx")
        self._graph: Any = self._nx.Graph()
        for relation in sorted(relations, key=lambda found: str(found["relation"])):
            if not self._graph.has_edge(relation["a"], relation["b"]):
                self._graph.add_edge(
                    relation["a"], relation["b"], relation=relation["relation"], kind=relation["kind"]
                )

    def recusals(self, officer: str, steps: int = STEPS) -> Iterator[tuple[str, list[Link]]]:
        """Every business that the officer must recuse from, with the path, by USCC."""
        start = OFFICER + officer
        if start not in self._graph:
            return
        paths = self._nx.single_source_shortest_path(self._graph, start, cutoff=steps)
        for node in sorted(paths):
            if node.startswith(BUSINESS):
                yield node.removeprefix(BUSINESS), self._links(paths[node])

    def path(self, officer: str, business: str, steps: int = STEPS) -> list[Link] | None:
        """The path between the two, None where there is none of so few steps."""
        return dict(self.recusals(officer, steps)).get(business)

    def _links(self, nodes: list[str]) -> list[Link]:
        return [Link(source=a, target=b, **self._graph.edges[a, b]) for a, b in pairwise(nodes)]
