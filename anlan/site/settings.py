"""Settings of a site, read from the environment (prefix ``ANLAN_``).

Unsafe combinations are refused by system checks.
"""

from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()
environ.Env.read_env(ROOT / "var" / "env", overwrite=False)

VAR = Path(env.str("ANLAN_VAR", str(ROOT / "var")))
(VAR / "static").mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("ANLAN_DEBUG", False)
SECRET_KEY = env.str("ANLAN_SECRET_KEY", "")
AUDIT_BACKUPS = env.str("ANLAN_AUDIT_BACKUPS", str(VAR / "audit"))
AUDIT_KEY = env.str("ANLAN_AUDIT_KEY", "") or SECRET_KEY
ALLOWED_HOSTS = env.list("ANLAN_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("ANLAN_ORIGINS", default=[])
BEHIND_TLS = env.bool("ANLAN_TLS", False)
SECRET_FILES = [ROOT / "var" / "env"]
DEMO_ALLOWED = env.bool("ANLAN_DEMO", False)

INSTALLED_APPS = [
    "anlan.kernel",
    "anlan.shell",
    "anlan.engines.org",
    "anlan.engines.identity",
    "anlan.engines.audit",
    "anlan.engines.files",
    "anlan.engines.messaging",
    "anlan.engines.tasks",
    "anlan.engines.forms",
    "anlan.engines.workflow",
    "anlan.engines.registry",
    "anlan.engines.exchange",
    "anlan.engines.output",
    "anlan.engines.library",
    "anlan.engines.archives",
    "anlan.engines.analytics",
    "anlan.engines.rounds",
    "anlan.base",
    "anlan.domains.safety",
    "anlan.domains.site_security",
    "anlan.domains.alarms",
    "anlan.domains.patrols",
    "anlan.domains.duty",
    "anlan.domains.fire",
    "anlan.domains.special_equipment",
    "anlan.domains.school_buses",
    "anlan.domains.supplies",
    "anlan.domains.canteen",
    "anlan.domains.guards",
    "anlan.domains.physical",
    "anlan.domains.dormitory",
    "anlan.domains.certificates",
    "anlan.domains.custom_forms",
    "anlan.domains.regulations",
    "anlan.domains.organisation",
    "anlan.domains.accounts",
    "anlan.domains.kindergarten",
    "anlan.domains.moral_assessment",
    "anlan.domains.safety_assessment",
    "anlan.domains.texting",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    *env.list("ANLAN_MODULES", default=[]),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "anlan.engines.audit.middleware.OriginMiddleware",
    "anlan.engines.identity.middleware.OpenSessionMiddleware",
    "anlan.engines.identity.middleware.SignedInMiddleware",
    "anlan.shell.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "anlan.site.urls"
WSGI_APPLICATION = "anlan.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "anlan.shell.templatetags.shell",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "anlan.shell.frame.context",
            ],
        },
    }
]
COTTON_DIR = "components"

DATABASES = {"default": env.db_url("ANLAN_DATABASE", default=f"sqlite:///{VAR / 'anlan.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 8}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["anlan.engines.identity.backends.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

CONTACT_DAYS = env.int("ANLAN_CONTACT_DAYS", 150)
SITE_TITLE = env.str("ANLAN_TITLE", "")
SITE_PHONE = env.str("ANLAN_PHONE", "")
GALLERY = DEBUG or env.bool("ANLAN_GALLERY", False)

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
TIME_ZONE = env.str("ANLAN_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "anlan.shell.styles.StyleFinder",
]
STATICFILES_DIRS = [path for path in [ROOT / "vendor"] if path.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("ANLAN_HASHED_STATIC", False)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not env.bool("ANLAN_HASHED_STATIC", False)
MEDIA_ROOT = VAR / "files"
PDF_SIGNING = {
    "key": env.str("ANLAN_PDF_KEY", ""),
    "password": env.str("ANLAN_PDF_PASSWORD", ""),
    "signer": env.str("ANLAN_PDF_SIGNER", "anlan.engines.output.pkcs12.certify"),
}
FILES = {"scanner": env.str("ANLAN_SCANNER", ""), "font": env.str("ANLAN_FONT", "")}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "anlan_cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LATE_DATA_DAYS = env.int("ANLAN_LATE_DATA_DAYS", 400)

SITE_URL = env.str("ANLAN_SITE_URL", "")
MESSAGE_CHANNELS = {
    code: {
        "url": env.str(f"ANLAN_{code.upper()}_URL", ""),
        "token": env.str(f"ANLAN_{code.upper()}_TOKEN", ""),
        "file": env.str(f"ANLAN_{code.upper()}_FILE", ""),
    }
    for code in ("sms", "wechat")
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
X_FRAME_OPTIONS = "SAMEORIGIN"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}
