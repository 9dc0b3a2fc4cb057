"""The one reader of the environment: `read_settings()` answers the same object every time."""

import os
import secrets
from functools import cache
from pathlib import Path
from threading import get_ident
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from reciproca.settings import SettingsWrong


def user_data_dir() -> Path:
    """Return where this user's programs keep their data (XDG base directories)."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "reciproca"


class OidcProvider(BaseModel):
    """An identity provider that speaks OpenID Connect, as a gateway to SPID or CIE does."""

    id: str
    name: str
    server_url: str
    client_id: str
    secret: str = ""
    form_hosts: list[str] = Field(default_factory=list)
    """Further origins that its log-in page sends a form through."""


class Settings(BaseSettings):
    """
    What an installation may choose.

    Every field is the environment variable `RECIPROCA_<NAME>`, save `DATABASE_URL`, whose name
    is everybody's. Lists and dictionaries are written as JSON.
    """

    model_config = SettingsConfigDict(env_prefix="RECIPROCA_", extra="ignore", frozen=True)

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    data_dir: Path = Field(default_factory=user_data_dir)

    debug: bool = False
    demo_mode: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    base_url: str = "http://127.0.0.1:8000"
    allowed_hosts: list[str] = Field(default_factory=list)
    trust_proxy: bool = False
    secret_key: str | None = None
    secret_key_fallbacks: list[str] = Field(default_factory=list)

    email_host: str | None = None
    email_port: int = 587
    email_user: str = ""
    email_password: str = ""
    email_tls: Literal["starttls", "tls", "none"] = "starttls"
    email_from: str = "Reciproca <reciproca@localhost>"

    oidc_providers: list[OidcProvider] = Field(default_factory=list)
    payment_hosts: list[str] = Field(default_factory=list)

    log_key_file: Path | None = None

    pool_min_size: int = 2
    pool_max_size: int = 8
    pool_timeout_seconds: float = 30.0

    @property
    def secure(self) -> bool:
        """Tell whether the public address is https, so that cookies may demand it."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def log_keys(self) -> Path:
        """Return the file with the keys of the transparency log, outside the database."""
        return self.log_key_file or self.data_dir / "log-key"

    @property
    def public_host(self) -> str:
        """Return how the public address names this installation, with its port where it has one."""
        return urlsplit(self.base_url).netloc

    @property
    def hosts(self) -> list[str]:
        """Return the host names this installation answers to."""
        own = urlsplit(self.base_url).hostname or "localhost"
        local = [] if self.secure else ["localhost", "127.0.0.1", "[::1]"]
        return sorted({own, *local, *self.allowed_hosts})

    @property
    def form_hosts(self) -> list[str]:
        """Return the origins that a form may lead to: identity and payment providers."""
        urls = [urlsplit(provider.server_url) for provider in self.oidc_providers]
        own = {f"{url.scheme}://{url.netloc}" for url in urls}
        further = {host for provider in self.oidc_providers for host in provider.form_hosts}
        return sorted(own | further | set(self.payment_hosts))

    @property
    def oidc_apps(self) -> list[dict[str, Any]]:
        """Return the identity providers as django-allauth describes them."""
        return [
            {
                "provider_id": provider.id,
                "name": provider.name,
                "client_id": provider.client_id,
                "secret": provider.secret,
                "settings": {"server_url": provider.server_url},
            }
            for provider in self.oidc_providers
        ]


def secret_key(settings: Settings) -> str:
    """
    Return the installation's secret key, made once and kept readable to its owner alone.

    Raises: SettingsWrong, where the data directory cannot be used.
    """
    return settings.secret_key or _kept_secret(settings, "secret-key", strength=64)


def opening_token(settings: Settings) -> str:
    """
    Return what only who runs this machine knows, to open its community with (`web.views.opening`).

    Raises: SettingsWrong, where the data directory cannot be used.
    """
    return _kept_secret(settings, "opening-token", strength=24)


def _kept_secret(settings: Settings, name: str, *, strength: int) -> str:
    try:
        return _made_once(settings.data_dir / name, strength)
    except OSError as trouble:
        raise SettingsWrong(
            f"RECIPROCA_DATA_DIR: {settings.data_dir} cannot be used ({trouble.strerror})."
        ) from trouble


def _made_once(path: Path, strength: int) -> str:
    """Return the random text in a file that only its owner reads; `strength` is in bytes."""
    if not path.exists():
        write_once(path, secrets.token_urlsafe(strength))
    return path.read_text()


def write_once(path: Path, text: str) -> None:
    """Keep a secret in a file that only its owner reads; one that is there already stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{get_ident()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    try:
        # A hard link is made once only: two that start together, processes or threads, share it.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


@cache
def read_settings() -> Settings:
    """
    Return the settings of this process, read from the environment at the first call.

    Raises: SettingsWrong.
    """
    try:
        return Settings()
    except ValidationError as wrong:
        told = (f"{_variable(each['loc'])}: {each['msg']}." for each in wrong.errors())
        raise SettingsWrong(" ".join(told)) from wrong
    except SettingsError as wrong:
        # A list or a dictionary that is no JSON: the error names its field between quotes.
        name = str(wrong).partition('"')[2].partition('"')[0]
        raise SettingsWrong(f"{_variable((name,))}: this is not JSON.") from wrong


def _variable(location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    return name if name == "DATABASE_URL" else f"RECIPROCA_{name.upper()}"
