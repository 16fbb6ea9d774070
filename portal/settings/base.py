"""What every installation shares. development, production and test say the rest."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent.parent

DEBUG = False
INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "records.apps.RecordsConfig",
    "portal.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "portal.middleware.InsideMiddleware",
    "portal.middleware.NoNulMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.PrivatePagesMiddleware",
    "portal.middleware.SessionTimeMiddleware",
    "portal.middleware.SecondStepMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "django.template.context_processors.i18n",
            ],
        },
    }
]

AUTH_USER_MODEL = "portal.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.passwords.ServiceWordsValidator"},
    {"NAME": "portal.passwords.BreachedValidator"},
]
BREACHED_PASSWORDS = ""  # a sorted file of fingerprints, see portal/passwords.py
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.adapters.AccountAdapter"
MFA_ADAPTER = "portal.adapters.MFAAdapter"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failed"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, and no other
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
EMAIL_TIMEOUT = 10  # seconds: a mail server that does not answer must hold nobody up
STAFF_NEED_SECOND_STEP = True  # coordinators and administrators; see portal/middleware.py
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True  # also while wrong passwords keep an address locked
MFA_FORMS = {"add_webauthn": "portal.forms.account.AddKeyForm"}
# Login limits count in the database: a cache that is down must not turn every login into an error, nor switch the limits off.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Files of patients are never served by the file system: MEDIA_URL stays empty, views stream what Scope allows, decrypted.
MEDIA_URL = ""

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# See portal/middleware.py: without use, and at the latest.
SESSION_IDLE_SECONDS = 30 * 60
SESSION_IDLE_SECONDS_OF_STAFF = 15 * 60
SESSION_LONGEST_SECONDS = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
# same-origin, not no-referrer: browsers then send "Origin: null" and the CSRF check refuses every form.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# Where the files of patients are: nothing here, and they are in the folder MEDIA_ROOT; else what records/bucket.py takes.
FILES_BUCKET: dict[str, str] = {}

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_DOCUMENTS_PER_PATIENT = 500
MAX_PATIENT_BYTES = 2 * 1024**3
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# The claim on a document or page: see records/queue.py.
CLAIM_LEASE_SECONDS = 60
CLAIM_ATTEMPTS = 3
SWEEP_SECONDS = 5
WEBHOOKS_MAY_STAY_HERE = False  # http and private networks, for tests alone
SWEEP_ALSO = ["portal.rounds.go_round", "portal.webhooks.go_round"]  # called on each round of the sweeper
# The public registry is asked once a day for our trials and for what these questions find; nothing of a patient goes there.
REGISTRY_IS_ASKED = False
REGISTRY_QUERIES = [{"condition": "pancreatic cancer"}, {"intervention": "CAR-T"}, {"intervention": "TCR-T"}]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.Deny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.api.problems.problem_response",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min"},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CAR-T Guide",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "DESCRIPTION": "Send records, see what was found in them and on which words it rests, and read the answer that fits. See docs/api.md.",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "portal.api.describing.bodies_are_required"],
    "ENUM_NAME_OVERRIDES": {
        "Check": "portal.api.choices.CHECKS",
        "FactState": "portal.api.choices.FACT_STATES",
        "Change": "portal.api.choices.CHANGES",
        "Gap": "portal.api.choices.GAPS",
        "Fit": "portal.api.choices.FITS",
        "Verdict": "portal.api.choices.VERDICTS",
        "TrialsDisplay": "portal.api.choices.DISPLAYS",
        "RuleKind": "portal.api.choices.RULE_KINDS",
        "FindingKind": "portal.api.choices.KINDS",
        "Assertion": "portal.api.choices.ASSERTIONS",
        "DocumentStatus": "portal.api.choices.DOCUMENT_STATES",
        "Decision": "portal.api.choices.DECISIONS",
        "Placement": "portal.api.choices.PLACEMENTS",
        "RowGroup": "portal.api.choices.ROW_GROUPS",
        "Sensitivity": "portal.api.choices.SENSITIVITIES",
        "Volatility": "portal.api.choices.VOLATILITIES",
        "ContentKind": "portal.api.choices.CONTENT_KINDS",
        "ContentChangeState": "portal.api.choices.CHANGE_STATES",
    },
}

# GET /metrics answers to who sends this as a bearer token; empty: to nobody.
METRICS_TOKEN = ""
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"listed": {"()": "portal.logs.ListedFieldsFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "listed"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Django would also write to the console in its own way, and mail tracebacks.
    "loggers": {
        "portal.signing": {"level": "INFO"},
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}

# Celery: the database is the queue, the broker is a doorbell. Why each: docs/adr/0002-database-is-the-queue.md
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_LOST_WAIT = 1.0  # seconds until the bell of a killed process rings again; there is no result to wait for
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "pages"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
    # A door that rings a broker that is gone gives up after a second: the sweeper rings later.
    "interval_start": 0.1,
    "interval_step": 0.2,
    "connect_retries_timeout": 1,
}
