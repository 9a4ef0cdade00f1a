"""Each turn of the clock is taken once, whether one beat runs, or two, or an hour is missed."""

import datetime as dt

from django.utils import timezone

from core.models import Heartbeat

_BEFORE_ALL = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def take_turn(name: str, every: float) -> bool:
    """Tell whether this turn of `name` is ours: the first to ask within each `every` seconds.

    Schedule a daily command every hour, with `every` as a day: then a missed hour is made up.
    """
    now = timezone.now()
    begun = dt.datetime.fromtimestamp(now.timestamp() // every * every, dt.UTC)
    Heartbeat.objects.get_or_create(name=name, defaults={"seen_at": _BEFORE_ALL})
    return Heartbeat.objects.filter(name=name, seen_at__lt=begun).update(seen_at=now) == 1
