"""
Runs a command with DATABASE_URL: on a PostgreSQL of its own, reached over TCP as any other is.

    .venv/bin/python scripts/on_a_server.py .venv/bin/pytest src/reciproca/ledger
"""

import os
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from reciproca.postgres.server import Server

AS_OTHERS_ARE = {"listen_addresses": "127.0.0.1", "timezone": "Europe/Rome"}
QUICK_AND_CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def main(command: list[str]) -> int:
    with TemporaryDirectory(prefix="reciproca-server-") as folder:
        port = _free_port()
        settings = {**AS_OTHERS_ARE, **QUICK_AND_CARELESS, "port": str(port)}
        server = Server(data_dir=Path(folder), settings=settings)
        server.join()
        try:
            url = f"postgresql://postgres@127.0.0.1:{port}/reciproca"
            environment = {**os.environ, "DATABASE_URL": url}
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            server.leave()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
