"""The settings of the tests: the real ones, with what a test run must not wait for."""

import os
from pathlib import Path

# The tests have engines and files of their own: see script/services.
os.environ.setdefault("LOCAL_DIR", str(Path(__file__).resolve().parent.parent / ".local/test"))

from config.settings import *

# Processes that tests start look here for the engines.
os.environ.setdefault("DATABASE_URL", env.str("DATABASE_URL"))

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TEMPLATES[0]["OPTIONS"]["debug"] = True
WHITENOISE_AUTOREFRESH = True  # no collected files to warn about
WHITENOISE_USE_FINDERS = True  # a browser gets the files from where they are
CELERY_BROKER_URL = "memory://"  # the tests of the worker start a broker of their own
LANGUAGE_CODE = "en"  # whoever has not chosen a language reads the source strings
