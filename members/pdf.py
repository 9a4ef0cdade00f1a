from accounts.models import Person
from core.pdf import render_pdf
from members.queries import own_data_of


def own_data(person: Person) -> bytes:
    """Return everything stored about `person`, for herself to read and keep."""
    data = own_data_of(person)
    return render_pdf("members/pdf/own_data.html", {"person": person, "data": data})
