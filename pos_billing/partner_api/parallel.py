"""A bounded number of calls at once, their results as they come."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def in_parallel(call: Callable[[Asked], Answer], asked: Iterable[Asked], *, at_once: int) -> Iterator[Answer]:
    """Results of ``call`` for each of ``asked``, in the order they are ready, never more than ``2 × at_once`` waiting.

    An exception of a call is raised here; calls that have not begun are then not made.
    """
    remaining = iter(asked)
    with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="portal") as pool:
        waiting: set[Future[Answer]] = set()
        try:
            while True:
                waiting |= {pool.submit(call, one) for one in islice(remaining, 2 * at_once - len(waiting))}
                if not waiting:
                    return
                ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    yield future.result()
        finally:
            for future in waiting:
                future.cancel()
