"""One test that tries many cases, where a server for each would take longer than all that is looked at.

Like `pytest.mark.parametrize`, for cases that leave nothing behind: what is only read, or refused. All are tried, and
each that fails is named.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

Test = Callable[..., None]


def every(names: str, cases: Iterable[Any]) -> Callable[[Test], Test]:
    """Try a test with each of the cases: a value, or one for each of several names."""
    known, given = [name.strip() for name in names.split(",")], list(cases)
    assert given, "there is nothing to try"

    def of(test: Test) -> Test:
        @wraps(test)
        def all_of_them(**fixtures: object) -> None:
            failed = [wrong for case in given if (wrong := _tried(test, fixtures, known, case))]
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(given)} cases failed", failed)

        signature = inspect.signature(test)
        asked = [one for name, one in signature.parameters.items() if name not in known]
        all_of_them.__signature__ = signature.replace(parameters=asked)  # type: ignore[attr-defined]
        return all_of_them

    return of


def _tried(test: Test, fixtures: dict[str, object], names: list[str], case: Any) -> Exception | None:  # noqa: ANN401
    values = dict(zip(names, case if len(names) > 1 else [case], strict=True))
    try:
        test(**fixtures, **values)
    except Exception as wrong:  # noqa: BLE001  -- it is told when all have been tried
        wrong.add_note(f"with {values!a}")
        return wrong
    return None
