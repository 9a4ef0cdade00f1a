from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        # Models exist only once apps are ready; the jobs tell `core.jobs` what they can do.
        from members import exports  # noqa: F401, PLC0415
        from members.actions import roster  # noqa: F401, PLC0415
        from members.imports import jobs  # noqa: F401, PLC0415
        from members.models import Membership, people_seen_by, units_of  # noqa: PLC0415
        from network.models import BELONGING, FINDABLE, MEMBERS  # noqa: PLC0415

        BELONGING.append(units_of)
        FINDABLE.append(people_seen_by)
        MEMBERS.append(Membership.objects.all)
