"""Locks that live exactly as long as the process that holds them.

They belong to the database session, so PostgreSQL lets go of them the moment a killed worker's
connection closes: nobody has to wait for a lease to run out. (Behind PgBouncer the worker needs
session pooling; see docs/operations.md.)
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection


def key_of(name: str) -> int:
    """Return the 64-bit number by which PostgreSQL knows the lock `name`."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


@contextmanager
def session_lock(name: str) -> Iterator[bool]:
    """Try to hold the lock `name`; yield whether it is ours, at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key_of(name)])
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            # A broken connection has let go already.
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key_of(name)])


def is_held(name: str) -> bool:
    """Tell whether some live process holds the lock `name`."""
    key = key_of(name) & 0xFFFF_FFFF_FFFF_FFFF
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
            " AND classid = %s::bigint::oid AND objid = %s::bigint::oid"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [key >> 32, key & 0xFFFF_FFFF],
        )
        (is_held,) = cursor.fetchone()
    return is_held
