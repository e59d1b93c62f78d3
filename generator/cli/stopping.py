"""Being told to stop: by the system as by Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def orderly() -> Iterator[None]:
    """While the ``with`` lasts, SIGTERM is as Ctrl-C: a :class:`KeyboardInterrupt`."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only there Python takes signals
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
