from tests.access import Page

ACCESS = {
    #                                  A   C   G   L   M   R   O
    "members:add": Page("", "200 200 403 403 403 403 403"),
    "members:person": Page("person", "200 200 200 200 200 404 404"),
    "members:history": Page("person", "200 200 403 403 200 404 404"),
    "members:edit": Page("person", "200 200 403 403 403 404 404"),
    "members:invite": Page("person", "200 200 403 403 403 404 404"),
    "members:deactivate": Page("person", "200 200 403 403 403 404 404"),
    "members:join": Page("person", "200 200 403 403 403 404 404"),
    "members:add_education": Page("person", "200 200 403 403 200 404 404"),
    "members:edit_education": Page("education", "200 200 403 403 200 404 404"),
    "members:remove_education": Page("education", "200 200 403 403 200 404 404"),
    "members:edit_membership": Page("membership", "200 200 403 403 403 404 404"),
    "members:move": Page("membership", "200 200 403 403 403 404 404"),
    "members:end": Page("membership", "200 200 403 403 403 404 404"),
    "members:change_leader": Page("membership", "200 200 403 403 403 404 404"),
    "members:change_professional_lead": Page("membership", "200 200 403 403 403 404 404"),
}
