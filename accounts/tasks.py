"""What happens later to mails and jobs of persons; loaded by every process."""

from core import delivery
from core.models import OutgoingMail


@delivery.gate
def stop_mail_to_the_anonymised(mails: list[OutgoingMail]) -> dict[int, str]:
    """Nobody who has been erased is written to, whatever waited in the outbox."""
    waiting = OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails])
    erased = waiting.filter(person__anonymised_at__isnull=False)
    return dict.fromkeys(erased.values_list("pk", flat=True), "The person has been anonymised.")
