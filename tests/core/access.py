from tests.access import Page

ACCESS = {
    "core:jobs": Page("", "200 200 200 200 200 200 200"),
    "core:job": Page("job", "404 200 404 404 404 404 404", sibling="404 404 404 404 404 404 404"),
    # The job of the world has no file yet.
    "core:job_file": Page(
        "job", "404 404 404 404 404 404 404", sibling="404 404 404 404 404 404 404"
    ),
    "core:live": Page("", "200 200 200 200 200 200 200"),
    # No worker beats its heart in the tests.
    "core:ready": Page("", "503 503 503 503 503 503 503"),
}
PUBLIC = {
    "core:live": "Asked by the machine that restarts us.",
    "core:ready": "Asked by the load balancer; says no detail.",
}
