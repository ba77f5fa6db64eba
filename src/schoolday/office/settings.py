"""Django's settings, all derived from schoolday.settings_spec."""

from pathlib import Path
from typing import Any

import dj_database_url
import django.conf.locale

from schoolday import settings_spec

SCHOOLDAY = settings_spec.load()
_HERE = Path(__file__).parent

SECRET_KEY = SCHOOLDAY["OFFICE_SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["*"]  # the edge decides which names it answers to; the office listens on loopback only
ROOT_URLCONF = "schoolday.office.urls"
WSGI_APPLICATION = "schoolday.office.wsgi.application"
AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django_tasks_db",
    "schoolday.office.people",
    "schoolday.office.rosters",
    "schoolday.office.arrangements",
    "schoolday.office.timetable",
    "schoolday.office.signin",
    "schoolday.office.pathways",
    "schoolday.office.attendance",
    "schoolday.office.families",
    "schoolday.office.classbook",
    "schoolday.office.recordings",
    "schoolday.office.incidents",
    "schoolday.office.notices",
    "schoolday.office.console",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "schoolday.office.http.portal",
            ],
        },
    },
]

DATABASES: dict[str, Any] = {"default": dict(dj_database_url.parse(SCHOOLDAY.database_url, conn_max_age=60))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its lock at once, so two of them queue instead of failing half way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Hashing happens in its own process (office.signin.hasher), with as many slots as cores.
PASSWORD_HASHERS = ["schoolday.office.signin.hashers.HasherProcess"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Haitian Creole is not among the languages that Django knows by name.
django.conf.locale.LANG_INFO["ht"] = {
    "bidi": False,
    "code": "ht",
    "name": "Haitian Creole",
    "name_local": "Kreyòl ayisyen",
}
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("ht", "Kreyòl ayisyen")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [_HERE / "locale"]
TIME_ZONE = SCHOOLDAY["TIME_ZONE"]
USE_TZ = True

_HTTPS = SCHOOLDAY["PUBLIC_URL"].startswith("https://")
SESSION_COOKIE_NAME = "schoolday_office"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_AGE = 12 * 3600  # a school day; the pass, not this, is what lasts
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_TRUSTED_ORIGINS = [SCHOOLDAY["PUBLIC_URL"]]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LOGIN_URL = "/"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

# Notices by mail: a server (SMTP), or a service through django-anymail; without either none go out.
EMAIL_BACKEND = "schoolday.office.notices.channels.mail.smtp.EmailBackend"
if SCHOOLDAY["MAIL_SERVICE"]:
    EMAIL_BACKEND = f"anymail.backends.{SCHOOLDAY['MAIL_SERVICE']}.EmailBackend"
ANYMAIL = SCHOOLDAY["MAIL_SERVICE_KEYS"] | (
    {"WEBHOOK_SECRET": SCHOOLDAY["MAIL_WEBHOOK_SECRET"]} if SCHOOLDAY["MAIL_WEBHOOK_SECRET"] else {}
)
EMAIL_HOST, EMAIL_PORT = SCHOOLDAY["MAIL_HOST"], SCHOOLDAY["MAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SCHOOLDAY["MAIL_USER"], SCHOOLDAY["MAIL_PASSWORD"]
EMAIL_USE_TLS = SCHOOLDAY["MAIL_TLS"] == "starttls"
EMAIL_USE_SSL = SCHOOLDAY["MAIL_TLS"] == "tls"
EMAIL_TIMEOUT = 20  # a mail server that takes longer for one answer counts as dead
DEFAULT_FROM_EMAIL = SCHOOLDAY["MAIL_FROM"] or "notices@localhost"

# structlog writes our lines (lib.log); Django's own logger only says what broke.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["console"], "level": "ERROR"}},
}
