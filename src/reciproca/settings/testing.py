"""Settings of the test suite: a data directory of its own, quick passwords, mail in memory."""

import atexit
import os
import shutil
import tempfile

HAND = os.environ.get("PYTEST_XDIST_WORKER", "")
"""Which of several hands of pytest-xdist this process is, or is started by."""

if os.environ.get("RECIPROCA_TEST_HAND") != HAND:
    # Each hand has a directory and a server of its own; processes that a test starts share its own.
    os.environ["RECIPROCA_TEST_HAND"] = HAND
    os.environ["RECIPROCA_TEST_DATA_DIR"] = tempfile.mkdtemp(prefix="reciproca-tests-")
    atexit.register(shutil.rmtree, os.environ["RECIPROCA_TEST_DATA_DIR"], ignore_errors=True)
os.environ["RECIPROCA_DATA_DIR"] = os.environ["RECIPROCA_TEST_DATA_DIR"]
os.environ["RECIPROCA_BASE_URL"] = "http://localhost"

from reciproca.settings.django import *  # noqa: E402, F403
from reciproca.settings.django import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# A pool would keep connections open to the database that the tests drop at the end.
DATABASES["default"]["OPTIONS"].pop("pool")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Files are served from where they are made: nothing is collected for a test.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
