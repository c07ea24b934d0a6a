"""Django settings of Stint, read from the environment.

Every variable is documented in docs/configuration.md. A bad value stops the start with one line that
names the variable (`SettingsError`), never with a traceback.
"""

from __future__ import annotations

import ipaddress
import math
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from stint.database import postgres_options, sqlite_options


class SettingsError(SystemExit):
    """A variable of the environment holds a value that Stint cannot use."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(f"stint: {variable}: {problem}")


def _data_folder() -> Path:
    folder = Path(os.environ.get("STINT_DATA") or "data").expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise SettingsError("STINT_DATA", f"{folder} cannot be made or opened ({fault.strerror})") from None
    if not os.access(folder, os.W_OK):
        raise SettingsError("STINT_DATA", f"{folder} is not writable")
    return folder


def _secret_keys(folder: Path) -> list[str]:
    """Return the secret key, and behind it those that still read what was signed or encrypted before."""
    if given := os.environ.get("STINT_SECRET_KEY"):
        before = (os.environ.get("STINT_SECRET_KEY_FALLBACKS") or "").split()
        for variable, keys in (("STINT_SECRET_KEY", [given]), ("STINT_SECRET_KEY_FALLBACKS", before)):
            if any(len(key) < 32 for key in keys):
                raise SettingsError(variable, "must have at least 32 characters")
        return [given, *before]
    kept = folder / "secret_key"
    try:
        with os.fdopen(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return kept.read_text().split()


def _web_address(variable: str, default: str) -> str:
    value = (os.environ.get(variable) or default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(variable, "must be an address such as https://stint.example.com")
    if parts.path or parts.query or parts.fragment or parts.username:
        raise SettingsError(variable, "must be an address without path, query or sign-in")
    return value


def _positive_number(variable: str, default: float) -> float:
    try:
        value = float(os.environ.get(variable) or default)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise SettingsError(variable, "must be a number above 0")
    return value


def _trusted_proxies() -> list[str]:
    given = (os.environ.get("STINT_TRUSTED_PROXIES") or "127.0.0.1").replace(",", " ").split()
    for proxy in given:
        try:
            ipaddress.ip_network(proxy)
        except ValueError:
            problem = f"{proxy} is no address or network such as 10.0.0.5 or 10.0.0.0/24"
            raise SettingsError("STINT_TRUSTED_PROXIES", problem) from None
    return given


def _log_level() -> str:
    level = (os.environ.get("STINT_LOG_LEVEL") or "WARNING").upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        raise SettingsError("STINT_LOG_LEVEL", "must be DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return level


def _log_format() -> str:
    chosen = os.environ.get("STINT_LOG_FORMAT") or "lines"
    if chosen not in ("lines", "json"):
        raise SettingsError("STINT_LOG_FORMAT", "must be lines or json")
    return chosen


def _switch(variable: str) -> bool:
    value = (os.environ.get(variable) or "off").lower()
    if value not in ("on", "off"):
        raise SettingsError(variable, "must be on or off")
    return value == "on"


def _database(folder: Path) -> dict[str, Any]:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'stint.sqlite3'}"
    scheme = url.split(":", 1)[0]
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise SettingsError("DATABASE_URL", "must start with sqlite:/// or postgres://")
    try:
        database: dict[str, Any] = dict(environ.Env.db_url_config(url))  # type: ignore[no-untyped-call]
    except (ValueError, ImproperlyConfigured):
        raise SettingsError("DATABASE_URL", "is not a database address that can be read") from None
    if not database.get("NAME"):
        raise SettingsError("DATABASE_URL", "names no database")
    database["CONN_MAX_AGE"] = None
    database["CONN_HEALTH_CHECKS"] = scheme != "sqlite"
    if scheme == "sqlite":
        database["OPTIONS"] = sqlite_options()
        # Tests with threads need a file: connections to one in memory lock each other out of tables.
        database["TEST"] = {"NAME": str(folder / "test.sqlite3")}
    else:
        database["OPTIONS"] = postgres_options() | database.get("OPTIONS", {})
    return database


def _email(folder: Path) -> dict[str, Any]:
    url = os.environ.get("EMAIL_URL")
    if not url:
        outbox = folder / "outbox"
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": outbox,
        }
    try:
        return dict(environ.Env.email_url_config(url))  # type: ignore[no-untyped-call]
    except (ValueError, ImproperlyConfigured):
        raise SettingsError(
            "EMAIL_URL", "must look like smtp://user:password@host:587 (or smtp+tls, smtp+ssl)"
        ) from None


BASE_DIR = Path(__file__).resolve().parent
DATA_DIR = _data_folder()
SECRET_KEY, *SECRET_KEY_FALLBACKS = _secret_keys(DATA_DIR)
DEBUG = False

PUBLIC_URL = _web_address("STINT_PUBLIC_URL", "http://127.0.0.1:8000")
TOGGL_API_URL = _web_address("STINT_TOGGL_API_URL", "https://api.track.toggl.com")
# Toggl's leaky bucket lets about one request a second pass; a stand-in on loopback needs no such care.
TOGGL_REQUESTS_PER_SECOND = _positive_number("STINT_TOGGL_REQUESTS_PER_SECOND", 1)
# One request is tried no longer than this in all, waits for quota aside.
TOGGL_RETRY_SECONDS = 40.0


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


_public = urlsplit(PUBLIC_URL)
_public_host = _public.hostname or ""
# Without a public address Stint is reached by whatever name the machine has; with one, only by that
# name and from the machine itself, so that a forged Host header cannot steer links in mails.
ALLOWED_HOSTS = (
    [
        f"[{_public_host}]" if ":" in _public_host else _public_host,
        "localhost",
        "127.0.0.1",
        "[::1]",
        "testserver",
    ]
    if os.environ.get("STINT_PUBLIC_URL")
    else ["*"]
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
_secure = _public.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _secure
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None
SECURE_HSTS_SECONDS = 31_536_000 if _secure and not _is_address(_public_host) else 0
# Whose X-Forwarded-For tells where a request comes from; anybody else could make one up.
TRUSTED_PROXIES = _trusted_proxies()
SESSION_COOKIE_NAME = "stint_session"
CSRF_COOKIE_NAME = "stint_csrf"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "stint.web.views.errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "django_vite",
    "ninja",
    "stint.accounts",
    "stint.tasks",
    "stint.entries",
    "stint.rates",
    "stint.integrations",
    "stint.reports",
    "stint.imports",
    "stint.transfer",
    "stint.live",
    "stint.api",
    "stint.web",
]
MIDDLEWARE = [
    "stint.server.logs.RequestLog",
    "stint.server.metrics.MetricsMiddleware",
    "stint.server.health.ProbeMiddleware",
    "stint.api.middleware.BearerShortcut",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "stint.web.middleware.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "stint.web.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "stint.accounts.middleware.DevicesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "stint.web.middleware.ContentSecurityPolicyMiddleware",
]
ROOT_URLCONF = "stint.urls"
ASGI_APPLICATION = "stint.asgi.application"
APPEND_SLASH = False
# The e-mail is unique by its lower case, which the check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stint.web.context.page",
            ],
        },
    }
]

DATABASES = {"default": _database(DATA_DIR)}
CACHES = {
    # Limits hold for all processes and machines together: see accounts/limits.py.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "stint.accounts.adapter.ClosedSignupAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Stint: "
MFA_ADAPTER = "stint.accounts.adapter.SealingMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Stint"
# One step of 30 seconds either way: clocks of phones differ.
MFA_TOTP_TOLERANCE = 1

for _name, _value in _email(DATA_DIR).items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = os.environ.get("STINT_MAIL_FROM") or f"Stint <stint@{_public_host}>"
EMAIL_TIMEOUT = 20

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "ENQUEUE_ON_COMMIT": True,
        "QUEUES": ["default", "mail"],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "stint_language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
FORMAT_MODULE_PATH = "stint.web.formats"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "web" / "static"
STATICFILES_DIRS: list[Path] = []
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
# Serves what other packages bring, such as ninja's copy of Swagger UI.
WHITENOISE_USE_FINDERS = True
# Vite writes a hash of the contents into these names, so that browsers need never ask again.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/assets/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DJANGO_VITE = {
    "default": {"manifest_path": STATIC_ROOT / "dist" / "manifest.json", "static_url_prefix": "dist"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {"()": "stint.server.logs.Lines"},
        "json": {"()": "stint.server.logs.JsonLines"},
    },
    "filters": {"full_disk": {"()": "stint.server.logs.FullDisk"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": _log_format(),
            "filters": ["full_disk"],
        }
    },
    "root": {"handlers": ["stderr"], "level": _log_level()},
    "loggers": {
        "stint": {"level": "INFO"},
        "stint.requests": {"level": "INFO" if _switch("STINT_LOG_REQUESTS") else "WARNING"},
        "django.security.DisallowedHost": {"level": "ERROR"},
        # Every refused API call would be a line otherwise; the answer itself says what was wrong.
        "django.request": {"level": "ERROR"},
    },
}
