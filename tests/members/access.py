from tests.access import Page

EVERYBODY = "200 200 200 200 200 200 200"
NOBODY = "404 404 404 404 404 404 404"

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
    "members:own_workplace": Page("membership", "404 404 404 404 200 404 404", sibling=NOBODY),
    "members:own_leader": Page("membership", "404 404 404 404 200 404 404", sibling=NOBODY),
    "members:ask": Page("membership", "404 404 404 404 200 404 404", sibling=NOBODY),
    "members:withdraw": Page("wish", "403 403 404 404 200 404 404"),
    "members:decide": Page("wish", "200 200 404 404 403 404 404"),
    "members:changerequests": Page("", "200 200 403 403 403 403 403"),
    "members:people": Page("", "403 403 403 200 403 403 403"),
    "members:own": Page("", EVERYBODY),
    "members:own_contact": Page("", EVERYBODY),
    "members:confirm": Page("", EVERYBODY),
    "members:who_sees_me": Page("", EVERYBODY),
    "members:own_data": Page("", EVERYBODY),
    "members:own_data_json": Page("", EVERYBODY),
    "members:roster": Page("", "200 200 200 403 403 403 403"),
    "members:imports": Page("", "200 200 403 403 403 403 403"),
    # The import of the world could not be read: its steps lead back to its own page.
    "members:import": Page("import", "200 200 404 404 404 404 404"),
    "members:import_columns": Page("import", "302 302 404 404 404 404 404"),
    "members:import_review": Page("import", "302 302 404 404 404 404 404"),
    "members:import_abandon": Page("import", "200 200 404 404 404 404 404"),
    "members:import_resume": Page("import", "405 405 404 404 404 404 404"),
    "members:import_errors": Page("import", "200 200 404 404 404 404 404"),
    "members:export": Page("", "200 200 403 403 403 403 403"),
    # Nobody is selected: back to the roster.
    "members:mail_selected": Page("", "302 302 403 403 403 403 403"),
    "members:move_selected": Page("", "302 302 403 403 403 403 403"),
    "members:end_selected": Page("", "302 302 403 403 403 403 403"),
    "members:invite_selected": Page("", "302 302 403 403 403 403 403"),
    "members:own_data_pdf": Page("", EVERYBODY),
}
