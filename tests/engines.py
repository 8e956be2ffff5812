"""A fresh database for every test on either engine: SQLite by copying a file, PostgreSQL by CREATE DATABASE … TEMPLATE.

SEMINAR_TEST_ENGINE chooses `sqlite` (default) or `postgresql`; the PostgreSQL is a cluster of our own in a temp folder.
"""

import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

ENGINE = os.environ.get("SEMINAR_TEST_ENGINE", "sqlite")


def binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise SystemExit("PostgreSQL is not installed: apt-get install --no-install-recommends postgresql")
    return found[-1].parent


class Cluster:
    """An own PostgreSQL on a Unix socket in `folder`; run as an unprivileged user where we are root.

    Not in a folder of pytest's: a session that begins later closes those to other users, and PostgreSQL, which opens
    its control file by the whole path, panics at its next checkpoint.
    Unless `is_durable`, it does not wait for the disk: quick, and worthless where durability is the question.
    """

    def __init__(self, folder: Path, is_durable: bool = False) -> None:
        self.folder = folder
        self.fsync = "on" if is_durable else "off"
        self.port = 54000 + os.getpid() % 1000
        self.as_user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        self.owner = "nobody" if self.as_user else pwd.getpwuid(os.geteuid()).pw_name

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.as_user:
            shutil.chown(self.folder, "nobody", "nogroup")
        data = self.folder / "data"
        self._run(
            "initdb", "--no-sync", "-A", "trust", "-U", "seminar", "-E", "UTF8", "--locale=C.UTF-8", "-D", str(data)
        )
        options = f"-c fsync={self.fsync} -c listen_addresses='' -c unix_socket_directories={self.folder} -p {self.port} -c max_connections=60"
        self._run("pg_ctl", "-D", str(data), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        if self.as_user:
            for parent in self.folder.parents:  # made for us alone
                if parent.stat().st_mode & 0o005 != 0o005:
                    parent.chmod(parent.stat().st_mode | 0o055)
        subprocess.run(
            [*self.as_user, str(binaries() / program), *arguments],
            check=True,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://seminar@/{name}?host={self.folder}&port={self.port}"

    def execute(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(
            f"host={self.folder} port={self.port} user=seminar dbname=postgres", autocommit=True
        ) as connection:
            for statement in statements:
                connection.execute(statement)

    def copy(self, template: str, name: str) -> None:
        for _ in range(50):
            try:
                self.execute(
                    f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{template}"'
                )
                return
            except Exception as error:  # a worker of the last test may still be leaving
                last = error
                time.sleep(0.1)
        raise last


def copy_sqlite(template: Path, target: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(template, target)
