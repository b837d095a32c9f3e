"""`shouhu simulate`: run a story through the real handlers and a real database, on a clock that the story moves."""

import asyncio
import logging
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from services.chassis.logs import start_logging
from services.chassis.settings import Settings, load_settings
from services.simulate.database import temporary
from services.simulate.run import Player
from services.simulate.scenario import Scenario, ScenarioFault, load
from services.simulate.world import World


def simulate(
    scenario: Annotated[Path, typer.Argument(help="The scenario file (YAML).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object only.")] = False,
) -> None:
    """Run a scenario file; nothing of the live system is touched. Exit code 2 when the file is unusable."""
    try:
        story = load(scenario)
    except ScenarioFault as fault:
        for line in fault.faults:
            typer.echo(line, err=True)
        raise typer.Exit(2) from None
    start_logging("simulate", logging.ERROR)  # the keys of a database that is dropped again need no back-up
    result = asyncio.run(play(story, load_settings()))
    if as_json:
        typer.echo(orjson.dumps(result).decode())
        return
    typer.echo(story.scenario)
    for entry in result["timeline"]:
        about = " ".join(f"{k}={v}" for k, v in entry["detail"].items())
        typer.echo(f"{entry['at'][:19].replace('T', ' ')}  {entry['what']:24} {about}")
    for entry in result["rejected"]:
        typer.echo(f"{entry['at'][:19].replace('T', ' ')}  rejected: {entry['action']}: {entry['reason']}")


async def play(story: Scenario, settings: Settings) -> dict[str, Any]:
    """Play a scenario in a database of its own."""
    async with temporary(settings) as (pool, dsn, directory):
        world = await World.open(pool, dsn, directory, story.starts_at, settings.rulebook)
        return await Player(world, story).play()
