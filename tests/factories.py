"""Rows for the tests: valid, minimal, without surprises. Persons read English source strings."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from accounts.models import Person
from members.models import LeaderAssignment, Member, Membership, Position, Profession
from network.models import Municipality, Role, Unit, Workplace


class Cleaned(DjangoModelFactory):
    """Created the way actions create: cleaned first, so that derived fields are right."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        row = model_class(*args, **kwargs)
        row.full_clean()
        row.save()
        return row


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    given_name = factory.Sequence(lambda n: f"Given{n}")
    family_name = factory.Sequence(lambda n: f"Family{n}")
    language = "en"
    is_active = True


class MemberFactory(PersonFactory):
    class Meta:
        model = Member


class UnitFactory(Cleaned):
    class Meta:
        model = Unit

    kind = Unit.Kind.REGION
    name_nb = factory.Sequence(lambda n: f"Unit {n}")
    slug = factory.Sequence(lambda n: f"unit-{n}")
    starts_on = dt.date(2020, 1, 1)


class RegionFactory(UnitFactory):
    pass


class TrustAreaFactory(UnitFactory):
    kind = Unit.Kind.TRUST_AREA
    parent = factory.SubFactory(RegionFactory)


class NetworkFactory(UnitFactory):
    kind = Unit.Kind.NETWORK
    parent = factory.SubFactory(TrustAreaFactory)


class GroupFactory(UnitFactory):
    kind = Unit.Kind.LOCAL_GROUP
    parent = factory.SubFactory(NetworkFactory)


class RoleFactory(Cleaned):
    class Meta:
        model = Role

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(NetworkFactory)
    kind = Role.Kind.COORDINATOR
    starts_on = dt.date(2020, 1, 1)


class MunicipalityFactory(Cleaned):
    class Meta:
        model = Municipality

    name = factory.Sequence(lambda n: f"Municipality {n}")
    starts_on = dt.date(2020, 1, 1)


class WorkplaceFactory(Cleaned):
    class Meta:
        model = Workplace

    name = factory.Sequence(lambda n: f"Workplace {n}")
    kind = Workplace.Kind.NURSING_HOME
    service_level = Workplace.ServiceLevel.MUNICIPAL
    area = factory.SubFactory(TrustAreaFactory)
    starts_on = dt.date(2020, 1, 1)


class ProfessionFactory(Cleaned):
    class Meta:
        model = Profession

    code = factory.Sequence(lambda n: f"profession-{n}")
    name_nb = name_nn = factory.Sequence(lambda n: f"Profession {n}")


class PositionFactory(Cleaned):
    class Meta:
        model = Position

    code = factory.Sequence(lambda n: f"position-{n}")
    name_nb = name_nn = factory.Sequence(lambda n: f"Position {n}")
    profession = factory.SubFactory(ProfessionFactory)


class MembershipFactory(Cleaned):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(GroupFactory)
    workplace = factory.LazyAttribute(
        lambda row: WorkplaceFactory(area=row.unit.parent.parent),
    )
    profession = factory.SubFactory(ProfessionFactory)
    starts_on = dt.date(2021, 1, 1)


class LeaderAssignmentFactory(Cleaned):
    class Meta:
        model = LeaderAssignment

    membership = factory.SubFactory(MembershipFactory)
    leader = factory.SubFactory(PersonFactory)
    starts_on = dt.date(2021, 1, 1)
