"""`shouhu healthy`: for a container's health check."""

from typing import Annotated

import typer

from services.chassis.settings import load_settings
from services.cli.program import Program


def healthy(name: Annotated[str, typer.Argument(metavar="SERVICE", help="As given to serve. 服务名")]) -> None:
    """Exit code 0 if the service on this data directory can work, 1 if not. 健康检查"""
    ready = Program(name, (), load_settings().directory, {}).ready()
    typer.echo("可用 · ready" if ready else "不可用 · not ready")
    raise typer.Exit(0 if ready else 1)
