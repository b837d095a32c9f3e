"""`shouhu rulebook`: the law as data, checked."""

from pathlib import Path
from typing import Annotated

import orjson
import typer

from events.catalogue import CATALOGUE
from services.chassis.settings import load_settings
from services.referral.check_rulebook import check, row_fields
from services.law.rulebook_file import RulebookFault
from services.referral.read_rulebook import read

app = typer.Typer(help="The rulebook: rules with their law, in force on their dates. 规则库", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The rulebook: rules with their law, in force on their dates. 规则库"""


@app.command("check")
def check_command(
    directory: Annotated[
        Path | None, typer.Argument(help="Default: SHOUHU_RULEBOOK, else the packaged one. 规则库目录")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON only. 只输出 JSON")] = False,
) -> None:
    """Every rule cited, dated, exampled, with known words; no two rows for one situation; every event type reached. 检查规则库

    Lists every fault; exit code 1 if there is one.
    """
    fields = row_fields({name.rsplit(".v", 1)[0]: set(model.wire_fields()) for name, model in CATALOGUE.items()})
    try:
        book = read(directory or load_settings().rulebook)
        faults, told = (
            check(book, fields),
            {"edition": book.edition, "rules": len(book.rules), "event_types": len(book.by_event)},
        )
    except RulebookFault as fault:
        faults, told = fault.faults, {}
    if as_json:
        typer.echo(orjson.dumps({**told, "faults": faults}).decode())
    else:
        for line in faults:
            typer.echo(line)
        if not faults:
            typer.echo(
                f"{told['edition']}: {told['rules']} 条规则 rules, {told['event_types']} 类事件 event types, 无误 no fault"
            )
    if faults:
        raise typer.Exit(1)
