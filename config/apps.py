from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The composition root is an app so that its management commands are found."""

    name = "config"
