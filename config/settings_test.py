"""The settings of the tests: the real ones, with what a test run must not wait for."""

from config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TEMPLATES[0]["OPTIONS"]["debug"] = True
WHITENOISE_AUTOREFRESH = True  # no collected files to warn about
