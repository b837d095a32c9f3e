"""The end of a process to which something unexpected happened: at once, without tidying, as if it had been killed.

Nothing is lost by it, since nothing was promised that is not committed; the supervisor starts the process again for
ever. An orderly end could hang, or let the consumer commit what was never handled.
"""

import logging
import os
import sys
from typing import NoReturn

log = logging.getLogger(__name__)
UNEXPECTED = 70  # a handler or task failed, or Faust crashed
STALLED = 71  # alive, but nothing can reach it
FOLLOW = 75  # the set of topics changed; start again to read them


def end_process(code: int, why: str, error: BaseException | None = None) -> NoReturn:
    """Say why, and end."""
    log.critical("ending this process: %s", why, exc_info=error)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
