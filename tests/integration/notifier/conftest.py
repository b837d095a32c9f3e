"""A notifier on a database of its own, with a provider that misbehaves on demand."""

from collections.abc import AsyncIterator

import pytest_asyncio

from services.chassis.context import Context
from services.notifier.channels import read_channels
from services.notifier.desk import set_desk
from tests.integration.notifier import stories
from tests.integration.notifier.receiver import Receiver, receiving


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A provider on the loopback address."""
    async with receiving() as made:
        yield made


@pytest_asyncio.fixture
async def notifier(context: Context, receiver: Receiver) -> AsyncIterator[Context]:
    """Three channels that lead to the receiver, with short time-outs; two officers and a leader on the roster."""
    await stories.publish_view(context.pool)
    await stories.roster(context, {"duty_officer": ["a", "b"], "duty_leader": ["l"]})
    urls = {name: receiver.url(name, "?cto=1&rto=1") for name in ("sms", "wecom", "voice")}
    channels = read_channels("\n".join(f'{name}: "{url}"' for name, url in urls.items()))
    set_desk(context, channels)
    yield context
    channels.close()
