from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class ConfigConfig(AppConfig):
    """The composition root is an app so that its management commands are found."""

    name = "config"


class StaticFiles(StaticFilesConfig):
    """Collect of the packages only what pages use: a start takes seconds, not half a minute."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("bootstrap-*", "*.rtl.*", "bootstrap.css*"),
        *("bootstrap.js*", "bootstrap.min.js*", "bootstrap.esm*", "bootstrap.bundle.js*"),
        *("inter-[!l]*", "inter-*-italic.*", "inter-*-standard-*", "inter-*-wght-*"),
        *("htmx.[!m]*", "htm*-[24].*", "ext", "themes", "*.gz"),
    ]
