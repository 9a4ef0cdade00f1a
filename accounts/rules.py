import rules


@rules.predicate
def is_self(user, person):
    return person is not None and user.pk == person.pk


@rules.predicate
def is_known(user, obj):
    return user.is_authenticated


@rules.predicate
def is_own(user, invitation):
    return invitation is not None and user.pk == invitation.person_id


rules.add_perm("accounts.use_portal", is_known)
rules.add_perm("accounts.view_person", is_self)
rules.add_perm("accounts.change_own_account", is_known)
rules.add_perm("accounts.view_invitation", is_own)
