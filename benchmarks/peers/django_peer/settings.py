"""No more than this one job needs: no sessions, and of the middleware only what tells the length of an answer."""

import os
from urllib.parse import urlparse

_address = urlparse(os.environ["PEER_DATABASE"])
SECRET_KEY = "of a measurement"
ROOT_URLCONF = "django_peer.api"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["rest_framework", "django_peer"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _address.path[1:],
        "USER": _address.username,
        "PASSWORD": _address.password or "",
        "HOST": _address.hostname,
        "PORT": _address.port,
        "CONN_MAX_AGE": None,
    }
}
USE_TZ = True
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
}
