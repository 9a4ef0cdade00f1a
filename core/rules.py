import rules


@rules.predicate
def is_known(user, obj):
    return user.is_authenticated


@rules.predicate
def is_its_owner(user, job):
    return job is not None and user.pk == job.by_id


rules.add_perm("core.view_jobs", is_known)
rules.add_perm("core.view_job", is_its_owner)
