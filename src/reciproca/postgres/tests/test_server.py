"""The embedded server as its users meet it: shared, killed, restarted, moved to odd places."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from reciproca.postgres.paths import LONGEST_SOCKET_DIR, Paths
from reciproca.postgres.server import Server

JOIN_AND_WAIT = """
import sys, time
from pathlib import Path
from reciproca.postgres.server import exit_on_sigterm, join_until_exit

exit_on_sigterm()
server = join_until_exit(data_dir=Path(sys.argv[1]))
print(server.pid(), flush=True)
time.sleep(60)
"""

User = subprocess.Popen[str]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a place with a space and an accent in its name, made once: initdb takes a while."""
    return tmp_path_factory.mktemp("pg") / "una città"


@pytest.fixture
def server(data_dir: Path) -> Iterator[Server]:
    server = Server(data_dir=data_dir, settings={"fsync": "off", "shared_buffers": "16MB"})
    yield server
    server.leave()


@pytest.fixture
def another_user(data_dir: Path) -> Iterator[Callable[[], User]]:
    """Return what starts another process that uses the server, and waits until it does."""
    users: list[User] = []

    def start() -> User:
        user = subprocess.Popen(
            [sys.executable, "-c", JOIN_AND_WAIT, str(data_dir)], stdout=subprocess.PIPE, text=True
        )
        users.append(user)
        assert user.stdout is not None
        assert user.stdout.readline().strip().isdigit()
        return user

    yield start
    for user in users:
        user.kill()
        user.wait()
        assert user.stdout is not None
        user.stdout.close()


def answers(server: Server) -> bool:
    host = str(server.paths.socket_dir)
    with psycopg.connect(host=host, user="postgres", dbname="postgres") as connection:
        return connection.execute("SELECT lower('È')").fetchone() == ("è",)


def test_a_server_starts_answers_and_stops(server: Server) -> None:
    server.join()
    assert answers(server)

    server.leave()

    assert server.pid() is None
    assert not server.paths.pid_file.exists()


def test_only_its_owner_reaches_it(server: Server) -> None:
    server.join()

    assert server.paths.socket_dir.stat().st_mode & 0o777 == 0o700
    assert server.paths.data.stat().st_mode & 0o777 == 0o700


def test_it_goes_on_while_somebody_else_uses_it(
    server: Server, another_user: Callable[[], User]
) -> None:
    user = another_user()
    server.join()
    server.leave()
    assert server.ready()

    user.send_signal(signal.SIGTERM)
    user.wait()

    assert server.pid() is None


def test_a_killed_user_leaves_a_server_that_the_next_one_stops(
    server: Server, another_user: Callable[[], User]
) -> None:
    user = another_user()
    user.kill()
    user.wait()
    orphan = server.pid()
    assert orphan is not None

    server.join()
    assert server.pid() == orphan
    server.leave()

    assert server.pid() is None


def test_a_killed_server_is_started_again_with_its_rows(server: Server) -> None:
    server.join()
    with psycopg.connect(host=str(server.paths.socket_dir), user="postgres") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS figure")
    pid = server.pid()
    assert pid is not None

    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: server.pid() is None)
    server.join()

    with psycopg.connect(host=str(server.paths.socket_dir), user="postgres") as connection:
        assert connection.execute("SELECT figure FROM kept").fetchone() == (42,)


def test_what_a_killed_server_was_doing_ends_before_the_next_one_begins(server: Server) -> None:
    server.join()
    pid = server.pid()
    assert pid is not None
    connection = psycopg.connect(host=str(server.paths.socket_dir), user="postgres")
    with closing(connection):
        busy = connection.info.backend_pid
        # It counts without ever looking up, so it does not notice that its server is gone.
        connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000)")
        time.sleep(0.2)

        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: server.pid() is None)
        server.join()

    # A process that ended may stand in the list until its parent looks: it has no program.
    with pytest.raises(OSError, match="No such"):
        Path(f"/proc/{busy}/exe").readlink()
    assert answers(server)


def test_a_number_that_now_belongs_to_somebody_else_is_not_the_server(server: Server) -> None:
    server.join()
    server.leave()
    server.paths.pid_file.write_text(f"{os.getpid()}\n" + "\n" * 6 + "ready\n")
    assert server.pid() is None

    server.join()

    assert answers(server)


def test_an_initialisation_cut_short_is_begun_anew(tmp_path: Path) -> None:
    home = tmp_path / "postgres"
    (home / "draft").mkdir(parents=True)
    (home / "draft" / "half").touch()
    server = Server(data_dir=tmp_path, settings={"fsync": "off", "shared_buffers": "16MB"})

    server.join()
    try:
        assert answers(server)
    finally:
        server.leave()


def test_a_path_that_no_socket_can_have_keeps_it_elsewhere(tmp_path: Path) -> None:
    deep = Paths.within(tmp_path / ("valle " * 20))
    # Clients take what follows a comma for another host.
    two = Paths.within(Path("/srv/soci, amici"))
    near = Paths.within(Path("/srv/reciproca"))

    assert len(os.fsencode(deep.socket_dir)) <= LONGEST_SOCKET_DIR
    assert "," not in str(two.socket_dir)
    assert near.socket_dir == Path("/srv/reciproca/postgres/run")


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder of somebody else")
    (tmp_path / "postgres").mkdir()
    os.chown(tmp_path / "postgres", 12_345, 12_345)

    with pytest.raises(RuntimeError, match="è di qualcun altro"):
        Server(data_dir=tmp_path).join()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
