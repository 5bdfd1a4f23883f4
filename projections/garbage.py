"""Whether Python looks for cyclic garbage while a page is at work.

A page makes hundreds of thousands of objects and no cycles; searching them costs a fifth of its time. They go when
the page does, without a search.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No search from here to the end; where several threads ask for it, the first that ends allows it again."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
