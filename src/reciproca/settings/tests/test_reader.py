import os
import subprocess
import sys
from pathlib import Path

import pytest

from reciproca.settings import SettingsWrong
from reciproca.settings.database import database
from reciproca.settings.reader import Settings, read_settings, secret_key

GATEWAY = {
    "id": "spid",
    "name": "SPID",
    "server_url": "https://spid.example/realm",
    "client_id": "reciproca",
    "form_hosts": ["https://login.example"],
}


def test_a_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")

    first, second = secret_key(settings), secret_key(settings)

    assert first == second
    assert len(first) > 50
    assert (tmp_path / "new" / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["secret-key"]


def test_a_chosen_secret_key_is_not_written_down(tmp_path: Path) -> None:
    assert secret_key(Settings(data_dir=tmp_path, secret_key="chosen")) == "chosen"
    assert list(tmp_path.iterdir()) == []


def test_forms_may_lead_to_the_providers_that_are_configured_and_to_no_other() -> None:
    settings = Settings(oidc_providers=[GATEWAY], payment_hosts=["https://pay.example"])

    assert settings.form_hosts == [
        "https://login.example",
        "https://pay.example",
        "https://spid.example",
    ]
    assert Settings().form_hosts == []


def test_a_public_address_answers_to_its_own_name_only() -> None:
    assert Settings(base_url="https://rete.example").hosts == ["rete.example"]
    assert "127.0.0.1" in Settings(base_url="http://127.0.0.1:8000").hosts


def test_a_database_url_becomes_djangos_description() -> None:
    url = "postgresql://ada:p%40ss@db.example:6432/rete?sslmode=verify-full"

    described = database(Settings(database_url=url))

    named = {name: described[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert named == {
        "NAME": "rete",
        "USER": "ada",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
    }
    assert described["OPTIONS"]["sslmode"] == "verify-full"
    assert described["OPTIONS"]["pool"]["max_size"] == 8


def test_without_one_the_embedded_server_is_meant(tmp_path: Path) -> None:
    described = database(Settings(database_url=None, data_dir=tmp_path))

    assert described["USER"] == "postgres"
    assert described["HOST"].startswith("/")


@pytest.mark.parametrize(
    ("base_url", "warned"), [("https://rete.example", False), ("http://rete.example", True)]
)
def test_production_passes_djangos_own_check_and_plain_http_does_not(
    base_url: str, warned: bool, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "RECIPROCA_BASE_URL": base_url,
        "RECIPROCA_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "reciproca.settings.django",
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode != 0) == warned, done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RECIPROCA_POOL_MIN_SIZE", "many"),
        ("RECIPROCA_EMAIL_TLS", "yes"),
        ("RECIPROCA_ALLOWED_HOSTS", "rete.example"),
        ("RECIPROCA_OIDC_PROVIDERS", '[{"id": "spid"}]'),
    ],
)
def test_a_value_that_cannot_be_is_told_by_the_name_of_its_variable(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsWrong, match=f"^{name}: "):
        read_settings.__wrapped__()


@pytest.mark.parametrize(
    "url", ["mysql://ada:segreto@x/y", "ada:segreto", "postgresql://ada:segreto@x"]
)
def test_a_database_url_that_names_none_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(SettingsWrong, match=r"^DATABASE_URL: ") as refusal:
        database(Settings(DATABASE_URL=url))

    assert "segreto" not in str(refusal.value)


def test_a_data_directory_that_cannot_be_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(SettingsWrong, match=r"^RECIPROCA_DATA_DIR: .*Not a directory"):
        secret_key(Settings(data_dir=file / "within"))
