from tests.access import Page

ACCESS = {
    "overview:start": Page("", "200 200 200 200 200 200 200"),
    "overview:help": Page("", "200 200 200 200 200 200 200"),
    "overview:privacy": Page("", "200 200 200 200 200 200 200"),
    "overview:accessibility": Page("", "200 200 200 200 200 200 200"),
    "overview:language": Page("", "405 405 405 405 405 405 405"),
    "overview:theme": Page("", "405 405 405 405 405 405 405"),
}
PUBLIC = {
    "overview:help": "Whoever cannot log in needs help most.",
    "overview:privacy": "The law wants it open.",
    "overview:accessibility": "The law wants it open.",
    "overview:language": "The login page is read in a language too.",
    "overview:theme": "The login page is read in the dark too.",
}
