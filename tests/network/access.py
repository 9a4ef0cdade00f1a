from tests.access import Page

ACCESS = {
    #                                          A   C   G   L   M   R   O
    "network:units": Page("", "200 200 200 200 200 200 200"),
    "network:unit": Page("group", "200 200 200 200 200 200 404"),
    "network:unit_add": Page("network", "200 200 403 403 403 403 404"),
    "network:unit_edit": Page("group", "200 200 200 403 403 403 404"),
    "network:unit_move": Page("group", "200 200 403 403 403 403 404"),
    "network:unit_close": Page("group", "200 200 403 403 403 403 404"),
    "network:unit_order": Page("network", "200 200 403 403 403 403 404"),
    "network:unit_access": Page("group", "200 200 403 403 403 403 404"),
    "network:unit_history": Page("group", "200 200 403 403 403 403 404"),
    "network:area_add": Page("group", "200 200 403 403 403 403 404"),
    "network:area_remove": Page("unitarea", "200 200 403 403 403 403 404"),
    "network:role_give": Page("group", "200 200 403 403 403 403 404"),
    "network:role_end": Page("role", "200 200 403 403 403 403 404"),
    "network:workplaces": Page("", "200 200 200 200 200 200 200"),
    "network:workplace_add": Page("", "200 200 403 403 403 403 403"),
    # Both networks stand in one trust area, which keeps the workplaces of both.
    "network:workplace": Page(
        "workplace", "200 200 200 200 200 200 404", sibling="200 200 200 200 200 200 404"
    ),
    "network:workplace_edit": Page(
        "workplace", "200 200 403 403 403 403 404", sibling="200 200 403 403 403 403 404"
    ),
    "network:workplace_close": Page(
        "workplace", "200 200 403 403 403 403 404", sibling="200 200 403 403 403 403 404"
    ),
}
