"""python -m infra.bench.faults [--minutes N] [--events N] [--seed S] [--json]: the long form of the fault test.

Prints the account of the run; exit code 1 if anything differs.
"""

import argparse
import asyncio
import json
import logging
import sys
import tempfile
from pathlib import Path

from infra.bench.faults.report import as_json, table
from infra.bench.faults.run import Plan, faulty_run


async def main(plan: Plan, print_json: bool, data: Path) -> bool:
    """Run the plan and print what it came to; True if everything adds up."""
    async with faulty_run(plan, data, lambda line: print(line, file=sys.stderr, flush=True)) as outcome:
        print(json.dumps(as_json(outcome), ensure_ascii=False, default=str) if print_json else table(outcome))
        return not outcome.differences


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m infra.bench.faults", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long events are sent and faults happen")
    parser.add_argument("--events", type=int, help="how many events; 25 a second if not given")
    parser.add_argument("--seed", type=int, default=1, help="the same seed strikes in the same order")
    parser.add_argument("--json", action="store_true", help="print JSON only")
    parser.add_argument("--keep", type=Path, help="a new directory for data and logs, kept for a look at them")
    given = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # the broker is away on purpose
    seconds = given.minutes * 60
    wanted = Plan(given.seed, given.events or int(25 * seconds), seconds)
    if given.keep:
        good = asyncio.run(main(wanted, given.json, given.keep))
    else:
        with tempfile.TemporaryDirectory(prefix="shouhu-faults-", ignore_cleanup_errors=True) as scratch:
            good = asyncio.run(main(wanted, given.json, Path(scratch)))
    sys.exit(0 if good else 1)
