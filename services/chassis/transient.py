"""Which failures pass by themselves: the position did not move, so the same records are handled again later."""

import asyncio

import asyncpg
from aiokafka.errors import KafkaError


class Disconnected(ConnectionError):
    """The connection to PostgreSQL could not be made, or was gone when the work failed."""


class LogUnavailable(ConnectionError):
    """Kafka did not answer a question of ours in time."""


# Not asyncpg.InterfaceError, which is also raised for wrong arguments, and not OSError, which includes a missing file:
# `transaction` turns both into Disconnected when, and only when, the connection is closed.
_TRANSIENT = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.TooManyConnectionsError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,  # the server died in the middle of its answer, and the connection does not know it yet
    ConnectionError,
    asyncio.TimeoutError,
    KafkaError,
)


def transient(error: BaseException) -> bool:
    """True if the failure is the database's or Kafka's, not the record's or the handler's."""
    return isinstance(error, _TRANSIENT)
