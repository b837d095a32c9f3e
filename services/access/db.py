"""What a query here runs on: a connection, one lent by a pool, or the pool itself."""

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Db = asyncpg.Connection | asyncpg.Pool | PoolConnectionProxy
