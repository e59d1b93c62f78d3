"""Being told to stop: by the system as by Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_WORDS: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextmanager
def orderly() -> Iterator[None]:
    """While the ``with`` lasts, SIGTERM and SIGHUP are as Ctrl-C: a :class:`KeyboardInterrupt`.

    The latter is what a terminal says that is closed; after ``nohup`` it stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only there Python takes signals
        return
    heard = [one for one in _WORDS if signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, signal.default_int_handler) for one in heard}
    try:
        yield
    finally:
        for one, handler in before.items():
            # None: what handled it was not set by Python, and cannot be set again by it.
            signal.signal(one, signal.SIG_DFL if handler is None else handler)
