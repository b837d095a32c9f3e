"""`shouhu rulebook`: the law as data: checked, loaded, put in force by two persons, compared."""

import typer

from services.cli.rulebook_check import check_command
from services.cli.rulebook_diff import diff_command
from services.cli.rulebook_editions import activate_command, list_command, load_command, withdraw_command

app = typer.Typer(help="The rulebook: rules with their law, in force on their dates. 规则库", no_args_is_help=True)
app.command("check")(check_command)
app.command("load")(load_command)
app.command("list")(list_command)
app.command("activate")(activate_command)
app.command("withdraw")(withdraw_command)
app.command("diff")(diff_command)
