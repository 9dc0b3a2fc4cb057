"""Django's settings, computed from the typed reader; nothing here reads the environment itself."""

import re
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF

from reciproca.settings.database import database
from reciproca.settings.reader import read_settings, secret_key

# `ModelForm[Member]` is for the type checker; Django's classes learn to accept it at run time.
django_stubs_ext.monkeypatch()

SETTINGS = read_settings()
PACKAGE = Path(__file__).resolve().parent.parent
SECURE = SETTINGS.secure

DEBUG = SETTINGS.debug
SECRET_KEY = secret_key(SETTINGS)
SECRET_KEY_FALLBACKS = SETTINGS.secret_key_fallbacks
ALLOWED_HOSTS = SETTINGS.hosts
DEMO_MODE = SETTINGS.demo_mode
BASE_URL = SETTINGS.base_url
DATA_DIR = SETTINGS.data_dir
LOG_HOST = SETTINGS.public_host
LOG_KEY_FILE = SETTINGS.log_keys

# --- The rooms, foundation first, then what they stand on ---

ROOMS = [
    "shared",
    "parameters",
    "transparency",
    "ledger",
    "notices",
    "imports",
    "registry",
    "governance",
    "ballots",
    "assemblies",
    "valueback",
    "purchases",
    "tills",
    "refunds",
    "joint_buying",
    "redistribution",
    "projects",
    "market",
    "clearing",
    "erasure",
    "control_room",
    "api",
    "web",
    "demo",
]

INSTALLED_APPS = [
    *(f"reciproca.{room}" for room in reversed(ROOMS)),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "reciproca.api.middleware.api_middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "reciproca.web.middleware.actor_middleware",
]

ROOT_URLCONF = "reciproca.web.urls"
WSGI_APPLICATION = "reciproca.web.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reciproca.web.context.shell",
            ],
        },
    },
]

# --- Data ---

DATABASES = {"default": database(SETTINGS)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# In the database, so that all web processes count the same wrong passwords.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
    }
}

# --- Languages: Italian is the source, English its complete translation ---

LANGUAGE_CODE = "it"
LANGUAGES = [("it", "Italiano"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Rome"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# --- Built assets ---

STATIC_URL = "/static/"
STATIC_ROOT = SETTINGS.data_dir / "static"
STATICFILES_DIRS = [path for path in [PACKAGE / "web" / "assets"] if path.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# In development files come from where they are built, elsewhere from where `serve` collected them.
WHITENOISE_USE_FINDERS = DEBUG
VITE_NAME = re.compile(r"-[\w-]{8}\.\w+$")


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802
    """Tell whether a file's name carries the hash of its content: it may be kept for ever."""
    return url.startswith("/static/assets/") and VITE_NAME.search(url) is not None


# --- Who somebody is ---

AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"reciproca.registry.passwords.{name}"}
    for name in ("LongEnough", "NotCommon", "NotOnlyDigits")
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"

ACCOUNT_ADAPTER = "reciproca.registry.accounts.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "reciproca.registry.accounts.NamesForm"
ACCOUNT_FORMS, MFA_FORMS, SOCIALACCOUNT_FORMS = (
    {name: f"reciproca.registry.account_forms.{form}" for name, form in forms.items()}
    for forms in (
        {
            "login": "LoginForm",
            "signup": "SignupForm",
            "add_email": "AddEmailForm",
            "change_email": "ChangeEmailForm",
            "change_password": "ChangePasswordForm",
            "set_password": "SetPasswordForm",
            "reset_password": "ResetPasswordForm",
            "reset_password_from_key": "ResetPasswordKeyForm",
            "reauthenticate": "ReauthenticateForm",
            "request_login_code": "RequestLoginCodeForm",
            "confirm_login_code": "ConfirmLoginCodeForm",
            "confirm_email_verification_code": "ConfirmEmailForm",
            "confirm_password_reset_code": "ConfirmResetForm",
        },
        {
            "authenticate": "AuthenticateForm",
            "reauthenticate": "SecondStepAgainForm",
            "activate_totp": "ActivateTotpForm",
            "deactivate_totp": "DeactivateTotpForm",
            "generate_recovery_codes": "RecoveryCodesForm",
            "add_webauthn": "AddPasskeyForm",
            "signup_webauthn": "SignupPasskeyForm",
            "edit_webauthn": "EditPasskeyForm",
            "login_webauthn": "LoginPasskeyForm",
            "authenticate_webauthn": "AuthenticatePasskeyForm",
            "reauthenticate_webauthn": "PasskeyAgainForm",
        },
        {"signup": "IdentitySignupForm", "disconnect": "DisconnectForm"},
    )
)
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_DISPLAY = "reciproca.registry.accounts.called"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_RATE_LIMITS = {"login_failed": "20/10m/ip,5/10m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(SETTINGS.trust_proxy)

MFA_ADAPTER = "reciproca.registry.accounts.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_ISSUER = "Reciproca"
# Browsers allow passkeys on http://localhost; anywhere else they ask for https themselves.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

# SPID and CIE come in through gateways that speak OpenID Connect.
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": SETTINGS.oidc_apps},
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False

# --- What a browser may do (docs/operating.md, "Security") ---

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *SETTINGS.form_hosts],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SETTINGS.trust_proxy else None
CSRF_TRUSTED_ORIGINS = [SETTINGS.base_url] if SECURE else []
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # An address is unique whatever its capitals: a constraint the check cannot read.
    "security.W005",  # Whether other names under the domain are https is not ours to promise,
    "security.W021",  # nor for browsers to remember for ever.
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- Mail: to the console until a server is named ---

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if SETTINGS.email_host
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = SETTINGS.email_host or ""
EMAIL_PORT = SETTINGS.email_port
EMAIL_HOST_USER = SETTINGS.email_user
EMAIL_HOST_PASSWORD = SETTINGS.email_password
EMAIL_USE_TLS = SETTINGS.email_tls == "starttls"
EMAIL_USE_SSL = SETTINGS.email_tls == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = SETTINGS.email_from

# --- What is written down while it runs: standard error, one line each ---

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": SETTINGS.log_level},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": SETTINGS.log_level, "propagate": False},
        "procrastinate": {"level": "WARNING"},
        "psycopg.pool": {"level": "ERROR"},
    },
}
