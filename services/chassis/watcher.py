"""Ends a program when the process that started us is gone: the parent-death signal for systems that have none."""

import os
import select
import signal
import sys
import time

import psutil


def main(pid: int, how: signal.Signals, grace: float = 15) -> None:
    """When our standard input closes, signal `pid`, and kill it `grace` seconds later; end when it ends."""
    watched = psutil.Process(pid)
    while watched.is_running() and watched.status() != psutil.STATUS_ZOMBIE:
        if select.select([0], [], [], 1.0)[0] and not os.read(0, 1):
            watched.send_signal(how)
            deadline = time.monotonic() + grace
            while watched.is_running() and watched.status() != psutil.STATUS_ZOMBIE:
                if time.monotonic() > deadline:
                    watched.kill()
                time.sleep(0.1)
            return


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), signal.Signals(int(sys.argv[2])))
    except psutil.NoSuchProcess:
        sys.exit(0)
