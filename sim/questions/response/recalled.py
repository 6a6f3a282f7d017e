"""Methods that work out each case once and remember it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar


class Remembers(Protocol):
    """Whoever remembers. known : what has been worked out, by method and case."""

    known: dict[Any, Any]


Owner = TypeVar("Owner", bound=Remembers)
Case = ParamSpec("Case")
Answer = TypeVar("Answer")


def recalled(
    method: Callable[Concatenate[Owner, Case], Answer],
) -> Callable[Concatenate[Owner, Case], Answer]:
    """Work each case out once. Two threads that work out the same one come to the same."""

    @wraps(method)
    def known(owner: Owner, /, *case: Case.args, **named: Case.kwargs) -> Answer:
        key = method.__name__, case, tuple(named.items())
        if key not in owner.known:
            owner.known[key] = method(owner, *case, **named)
        answer: Answer = owner.known[key]
        return answer

    return known
