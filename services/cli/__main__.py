"""`shouhu`: every command by its name. A call loads only the code of the command that was asked for."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module

import typer

COMMANDS: Mapping[str, str] = {
    "demo": "services.cli.demo:demo",
    "up": "services.cli.up:up",
    "serve": "services.cli.serve:serve",
    "topics": "services.cli.topics:app",
    "migrate": "services.cli.migrate:migrate_command",
    "healthy": "services.cli.healthy:healthy",
    "publish": "services.cli.publish:publish",
    "source": "services.cli.sources:source_app",
    "token": "services.cli.sources:token_app",
    "login": "services.cli.sources:login_app",
    "directory": "services.cli.directory:app",
    "route": "services.cli.route:route_command",
    "simulate": "services.cli.simulate:simulate",
    "trace": "services.cli.trace:trace_command",
    "account": "services.cli.account:account_command",
    "figures": "services.cli.figures:figures_command",
    "drill": "services.cli.drill:drill",
    "notify": "services.cli.notify:app",
    "hotline-items": "services.cli.hotline:hotline_items_command",
    "dead-letters": "services.cli.dead_letters:app",
    "rulebook": "services.cli.rulebook:app",
    "calendar": "services.cli.calendar:app",
}
"""Command -> where it is written: a function, or a typer app for a group. In the order of `shouhu --help`."""


def build(names: Sequence[str]) -> typer.Typer:
    """The command line with these commands."""
    app = typer.Typer(
        name="shouhu", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        help="Shouhu 守护: child-protection alert and referral. 未成年人保护预警与转介",
    )  # fmt: skip
    for name in names:
        module, attribute = COMMANDS[name].split(":")
        found = getattr(import_module(module), attribute)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)

    @app.callback()
    def root() -> None:
        """Settings: SHOUHU_DATA, SHOUHU_KAFKA, SHOUHU_POSTGRES, SHOUHU_HTTP, SHOUHU_CHANNELS, SHOUHU_RULEBOOK."""

    return app


def main() -> None:
    """Entry point. A fault that a person can mend is printed plainly, with exit code 1."""
    asked = sys.argv[1:2]
    try:
        build(asked if asked and asked[0] in COMMANDS else list(COMMANDS))()
    except Exception as error:
        if not _mendable(error):
            raise
        print(error, file=sys.stderr)
        sys.exit(1)


def _mendable(error: Exception) -> bool:
    from services.chassis.settings import SettingsFault
    from services.directory.strict import DirectoryFault

    return isinstance(error, SettingsFault | DirectoryFault)


if __name__ == "__main__":
    main()
