import rules


@rules.predicate
def is_known(user, obj):
    return user.is_authenticated


@rules.predicate
def is_its_owner(user, row):
    """The user ordered the job, or did what the log tells of."""
    return row is not None and user.pk == row.by_id


@rules.predicate
def is_addressed(user, mail):
    return mail is not None and mail.person_id is not None and user.pk == mail.person_id


rules.add_perm("core.view_jobs", is_known)
rules.add_perm("core.view_job", is_its_owner)
rules.add_perm("core.view_mail", is_addressed)
rules.add_perm("core.view_logentry", is_its_owner)
