"""PostgreSQL, Redis and the service as processes of this run."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

DATABASE = "app"


class Failure(Exception):
    """A step that did not hold."""


def step(text: str) -> None:
    print(f"\n== {text}", flush=True)


def check(holds: bool, text: str) -> None:
    print(f"{'ok  ' if holds else 'FAIL'} {text}", flush=True)
    if not holds:
        raise Failure(text)


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None, quiet: bool = False) -> str:
    """Runs a command to its end; raises `Failure` with its output when it fails."""
    full = {**os.environ, **(env or {})}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=full, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        print(done.stdout[-4000:], done.stderr[-4000:], sep="\n")
        raise Failure(f"{command[0]} ends with {done.returncode}")
    if not quiet and done.stdout.strip():
        print(done.stdout.strip().splitlines()[-1])
    return done.stdout


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Stack:
    """PostgreSQL on a unix socket and Redis on the loopback, below one folder, as an ordinary user."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.packages = place / "packages"
        self.redis_port = free_port()
        self.redis: subprocess.Popen[bytes] | None = None
        self.binaries = self.postgresql()
        self.server = self.unpacked("redis-server", ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "liblua5.1-0", "lua-cjson", "lua-bitop"])
        # PostgreSQL refuses to run as root.
        self.user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []

    def postgresql(self) -> Path:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            version = run("apt-cache", "depends", "postgresql", quiet=True).split("postgresql-")[1].split()[0]
            self.unpack([f"postgresql-{version}", f"postgresql-client-{version}", "libpq5"])
            found = sorted((self.packages / "usr/lib/postgresql").glob("*/bin/initdb"))
        check(bool(found), f"PostgreSQL: {found[-1].parent if found else 'not found'}")
        return found[-1].parent

    def unpacked(self, program: str, packages: list[str]) -> str:
        if shutil.which(program) is None:
            self.unpack(packages)
        found = shutil.which(program) or str(self.packages / "usr/bin" / program)
        check(Path(found).exists(), f"{program}: {found}")
        return found

    def unpack(self, packages: list[str]) -> None:
        self.packages.mkdir(exist_ok=True)
        for package in packages:
            done = subprocess.run(["apt-get", "download", package], cwd=self.packages, capture_output=True)
            if done.returncode != 0:
                print(f"     {package} is not on offer")
        for archive in self.packages.glob("*.deb"):
            run("dpkg", "-x", archive, self.packages, quiet=True)
        libraries = [str(path) for path in self.packages.glob("usr/lib/*-linux-gnu")]
        os.environ["LD_LIBRARY_PATH"] = ":".join([*libraries, os.environ.get("LD_LIBRARY_PATH", "")])

    def start(self) -> None:
        data = self.place / "postgresql"
        data.mkdir()
        if self.user:
            os.chown(data, 65534, 65534)
        run(*self.user, self.binaries / "initdb", "-D", data / "data", "-U", DATABASE, "-A", "trust", "-E", "UTF8", "--no-sync", cwd=data, quiet=True)
        options = f"-k {data} -c listen_addresses='' -c max_connections=60"
        run(*self.user, self.binaries / "pg_ctl", "-D", data / "data", "-o", options, "-l", data / "log", "-w", "start", cwd=data, quiet=True)
        self.psql("-c", f"CREATE DATABASE {DATABASE}", database="postgres")
        self.redis = subprocess.Popen(
            [self.server, "--port", str(self.redis_port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.place)],
            stdout=subprocess.DEVNULL,
        )

    def psql(self, *arguments: str, database: str = DATABASE) -> str:
        base = [self.binaries / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.place / "postgresql", "-U", DATABASE, "-d", database]
        return run(*base, *arguments, quiet=True)

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": f"postgresql://{DATABASE}@/{DATABASE}?host={self.place / 'postgresql'}",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
        }

    def stop(self) -> None:
        if self.redis is not None:
            self.redis.terminate()
        data = self.place / "postgresql"
        if (data / "data").exists():
            command = [*self.user, str(self.binaries / "pg_ctl"), "-D", str(data / "data"), "-m", "fast", "stop"]
            subprocess.run(command, cwd=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Service:
    """The extracted service as a process of its own."""

    def __init__(self, code: Path, python: Path, env: dict[str, str], log: Path) -> None:
        self.port = free_port()
        self.log = log
        full = {**os.environ, **env, "HOST": "127.0.0.1", "PORT": str(self.port)}
        with log.open("wb") as out:
            self.process = subprocess.Popen([python, "-m", "app"], cwd=code, env=full, stdout=out, stderr=subprocess.STDOUT)
        for _ in range(150):
            if self.get("/readyz")[0] == 200:
                return
            time.sleep(0.1)
        print(log.read_text()[-3000:])
        raise Failure("the service does not become ready")

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            return 0, b""

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        check(self.get("/readyz")[0] == 503, "after SIGTERM it is not ready and still answers")
        check(self.process.wait(timeout=30) in (0, -signal.SIGTERM), "it ends by itself")
