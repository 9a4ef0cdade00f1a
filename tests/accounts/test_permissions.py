from tests.factories import PersonFactory


def test_what_no_rule_allows_is_refused():
    person = PersonFactory()

    assert person.has_perm("accounts.use_portal") is True
    assert person.has_perm("members.import_roster") is False
    assert person.has_perm("members.no_such_permission") is False


def test_who_may_not_log_in_may_do_nothing():
    assert PersonFactory(is_active=False).has_perm("accounts.use_portal") is False
