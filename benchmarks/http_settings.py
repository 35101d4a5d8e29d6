"""The product's settings, and beside its pages a bare view to compare with."""

from config.settings import *  # noqa: F403  # a settings module is made of names
from config.settings import MIDDLEWARE

ROOT_URLCONF = "benchmarks.http_urls"
MIDDLEWARE = ["benchmarks.http_bare.without_middleware", *MIDDLEWARE]
