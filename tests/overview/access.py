from tests.access import Page

ACCESS = {
    "overview:start": Page("", "200 200 200 200 200 200 200"),
    "overview:figures": Page("", "200 200 200 403 403 403 403"),
    "overview:coverage": Page("", "200 200 200 403 403 403 403"),
    "overview:leaders": Page("", "200 200 200 403 403 403 403"),
    "overview:undelivered": Page("", "200 200 200 403 403 403 403"),
    "overview:help": Page("", "200 200 200 200 200 200 200"),
    "overview:privacy": Page("", "200 200 200 200 200 200 200"),
    "overview:accessibility": Page("", "200 200 200 200 200 200 200"),
    "overview:language": Page("", "405 405 405 405 405 405 405"),
    "overview:theme": Page("", "405 405 405 405 405 405 405"),
    "overview:security_text": Page("", "200 200 200 200 200 200 200"),
    "overview:change_password": Page("", "302 302 302 302 302 302 302"),
}
PUBLIC = {
    "overview:help": "Whoever cannot log in needs help most.",
    "overview:privacy": "The law wants it open.",
    "overview:accessibility": "The law wants it open.",
    "overview:language": "The login page is read in a language too.",
    "overview:theme": "The login page is read in the dark too.",
    "overview:security_text": "Read by whoever finds a hole.",
    "overview:change_password": "Asked by password managers; leads to a page that is closed.",
}
