"""The one place that names every service, and puts every door on one address."""

from functools import partial

from fastapi import FastAPI

from services.access.headers import SecurityHeaders
from services.access.problems import install_problems
from services.access.ways import Ways
from services.chassis.context import Context
from services.chassis.service import Service

WORKERS = ("intake", "referral", "tracker", "notifier")
"""Each is one process that reads its topics."""

DOORS = ("intake", "referral", "tracker", "notifier", "account", "console")
"""Their doors are mounted together in the process `web`."""

PHONE = "phone"
"""The phone gateway: beside the doors in demo and drills, and never elsewhere."""

EVERY = tuple(dict.fromkeys((*WORKERS, *DOORS, PHONE)))


def service(name: str) -> Service:
    """The service of that name; only its own code is imported. Raises KeyError for another name."""
    match name:
        case "intake":
            from services.intake import service as intake

            return intake.SERVICE
        case "referral":
            from services.referral import service as referral

            return referral.SERVICE
        case "tracker":
            from services.tracker import service as tracker

            return tracker.SERVICE
        case "notifier":
            from services.notifier import service as notifier

            return notifier.SERVICE
        case "console":
            from services.console import service as console

            return console.SERVICE
        case "account":
            from services.account import service as account

            return account.SERVICE
        case "phone":
            from services.phone import service as phone

            return phone.SERVICE
        case _:
            raise KeyError(name)


def doors(*, phone: bool) -> list[Service]:
    """The services whose doors `web` opens."""
    return [service(name) for name in (*DOORS, *((PHONE,) if phone else ()))]


def compose(app: FastAPI, context: Context) -> None:
    """What belongs to every door: problem answers, security headers, the way to a service by its name, how officers sign in."""
    context.extras["service"] = service
    context.extras["sign_in_ways"] = partial(_sign_in_ways, context)
    install_problems(app)
    app.add_middleware(SecurityHeaders)


def _sign_in_ways(context: Context) -> Ways | None:
    """Made when first asked for: a door that nobody signs in at reads no channels."""
    from services.notifier.sign_in import sign_in_ways

    if "notifier.sign_in" not in context.extras:
        context.extras["notifier.sign_in"] = sign_in_ways(context)
    ways: Ways | None = context.extras["notifier.sign_in"]
    return ways
