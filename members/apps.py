from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        from members.models import units_of  # noqa: PLC0415 -- models exist only once apps are ready
        from network.models import BELONGING  # noqa: PLC0415 -- the same

        BELONGING.append(units_of)
