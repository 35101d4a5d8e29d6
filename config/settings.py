"""Django's settings: one file, from the typed environment. See docs/running.md."""

import logging
import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from config.environment import Environment
from config.logs import logging_settings
from engines.places import Places

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = Environment.read()
PLACES = Places.from_environment()

DEMO = ENVIRONMENT.is_demo
DESK_NAME = ENVIRONMENT.desk_name
DEMO_PASSWORD = ENVIRONMENT.demo_password if DEMO else ""
DEBUG = False
SECRET_KEY = ENVIRONMENT.signing_key
ALLOWED_HOSTS = ENVIRONMENT.hosts
BASE_URL = ENVIRONMENT.origin
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "config.apps.OperatorsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_fsm",
    "django_htmx",
    "django_structlog",
    "config.apps.ConfigConfig",
    "people",
    "subscriptions",
    "outbox",
    "cases",
    "front",
    "api",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "people.middleware.KeptByNobody",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.ReaderTimeZone",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cases.views.errors.RefusalsAsPages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.desk",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------

EMBEDDED_DATABASE = ENVIRONMENT.database_url is None
EMBEDDED_REDIS = ENVIRONMENT.redis_url is None
# A connection for each thread, looked at before each request. psycopg's pool has answered 503 for
# 20 s after PostgreSQL was back: it finds its broken connections one by one, and waits in between.
DATABASES = {
    "default": dj_database_url.parse(
        ENVIRONMENT.database_url or PLACES.database_url, conn_max_age=600, conn_health_checks=True
    )
}
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 3,  # seconds
    # A statement that a connection has sent often is prepared: nearly half of what PostgreSQL does
    # for a submission would else be planning.
    "server_side_binding": True,
    "prepare_threshold": 5,
    **DATABASES["default"].get("OPTIONS", {}),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions and the counters of rate limits stand in PostgreSQL: Redis may be flushed or away at
# any moment, and then nobody is logged out and no limit falls open.
SESSION_ENGINE = "people.sessions"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # Past so many, those that have run out are removed. By its own defaults the cache would hold
        # 300 and throw a third of them out, whatever they count: a fraction of one in so many is none.
        "OPTIONS": {"MAX_ENTRIES": 10_000, "CULL_FREQUENCY": sys.maxsize},
    }
}

# --- background work ------------------------------------------------------------------------

REDIS_URL = ENVIRONMENT.redis_url or PLACES.redis_url
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
# What asks the world may wait for a minute for name servers that are silent. It has a queue, and in
# production a worker, of its own, so that no mail waits behind it. A worker that is told of no queue
# takes both.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"celery": {}, "checks": {}}
CELERY_TASK_ROUTES = {"cases.tasks.run_check": {"queue": "checks"}}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # With the defaults a killed worker's task is not given to another within 90 s.
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A web process that wakes the worker must not hang on a Redis that is away.
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "config.tasks.heartbeat", "schedule": 10},
    # A sweep that no worker took before the next one is left to that one.
    "outbox": {"task": "outbox.tasks.deliver_due", "schedule": 5, "options": {"expires": 5}},
    "offer-changes": {"task": "cases.tasks.sweep_offer_changes", "schedule": 60},
    "policy-in-force": {"task": "cases.tasks.sweep_policy_in_force", "schedule": 60},
    "overdue-checks": {"task": "cases.tasks.sweep_overdue_checks", "schedule": 15},
}
# Nothing runs so seldom that a restart would matter, so beat keeps no file of when it last ran what.
CELERY_BEAT_SCHEDULER = "celery.beat.Scheduler"
# Redis may be away for long; a worker or beat that gave up would not come back by itself.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None

OUTBOX_HANDLERS = {
    "case.event": "cases.notices.announce.expand",
    "checks.start": "cases.tasks.begin_checks",
    "checks.run": "cases.tasks.hand_out_checks",
    "policies.in_force": "cases.tasks.look_at_exemptions",
    "cases.flagged": "cases.notices.in_question.tell",
    "policies.replay": "cases.tasks.hand_out_replay",
    "rules.replay": "cases.tasks.hand_out_replay_of_rule",
    "email": "outbox.email.deliver",
}
# An import asks it what stands in the way of moving a subscription to another customer or partner.
SUBSCRIPTION_TIES = "cases.ties.ties_of"
# A policy may weigh what the checks find, and nothing else.
WEIGHTED_PARTS = "cases.antifraud.registry.parts"

# --- what checks ask the world ---------------------------------------------------------------

DNS_RESOLVERS = ENVIRONMENT.dns_resolvers
RDAP_URL = ENVIRONMENT.rdap_url
BLOCKLISTS = ENVIRONMENT.blocklists
HTTP_ALLOWED = frozenset(ENVIRONMENT.http_allowed)

# --- people ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["cases.sign_in.SignedInWithRoles"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "people.adapter.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_FORMS = {
    "login": "people.forms.SignInForm",
    "change_password": "people.forms.ChangeForm",
    "reset_password": "people.forms.PasswordMailForm",
    "reset_password_from_key": "people.forms.ChooseForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # anybody could have us write to strangers
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Whom a limit of attempts counts: without this, everybody behind the proxy would be one.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if DEMO else ENVIRONMENT.trusted_proxies
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home_of_reader"

# --- what a browser is told -----------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = not DEMO
CSRF_COOKIE_SECURE = not DEMO
CSRF_FAILURE_VIEW = "cases.views.errors.expired_form"
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_HSTS_PRELOAD = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "/static/"
STATIC_ROOT = PLACES.var / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- words, times, mail ---------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
USE_I18N = False
FORMAT_MODULE_PATH = ["config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.sender
EMAIL_SUBJECT_PREFIX = ""
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = "outbox.backend.ThroughOutbox"
MAIL_BACKEND = "outbox.kept_mail.KeptMailBackend"
"""What the outbox delivers by: SMTP, or kept and shown in the demo."""
if ENVIRONMENT.email_url:
    MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(ENVIRONMENT.email_settings)

LOGGING = logging_settings(ENVIRONMENT.log_level)
# One line for each request, at its end. Who did what stands in the ledger: naming the user here
# would ask the database on pages that do not need it, and again where it does not answer.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
