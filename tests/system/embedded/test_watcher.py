"""Where the kernel has no parent-death signal, a watcher does its work."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

PARENT = """
import sys, time
from pathlib import Path
from services.chassis.process import Command, launch
data = Path(sys.argv[1])
sleep = (sys.executable, "-c", "import time; time.sleep(600)")
child = launch(Command("sleeper", sleep, data / "log", data / "run/pid"), watcher=True)
print(child.pid, flush=True)
time.sleep(600)
"""


def test_the_watcher_ends_a_program_whose_parent_was_killed(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, env=env) as parent:
        assert parent.stdout is not None
        sleeper = psutil.Process(int(parent.stdout.readline()))
        watchers = [one for one in psutil.Process(parent.pid).children() if "services.chassis.watcher" in one.cmdline()]
        assert len(watchers) == 1
        time.sleep(1)  # until the watcher watches
        assert sleeper.is_running()
        parent.kill()
    assert not psutil.wait_procs([sleeper, *watchers], timeout=10)[1]
