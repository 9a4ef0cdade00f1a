from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The order matters: most browsers also call themselves something else.
BROWSERS = ["Edg", "OPR", "SamsungBrowser", "Firefox", "FxiOS", "CriOS", "Chrome", "Safari"]
NAMES = {"Edg": "Edge", "OPR": "Opera", "FxiOS": "Firefox", "CriOS": "Chrome"}
SYSTEMS = ["iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux"]


@register.filter
def device(user_agent: str) -> str:
    """Say “Chrome, Windows” where the browser says a whole line about itself."""
    browser = next((name for name in BROWSERS if name in user_agent), "")
    system = next((name for name in SYSTEMS if name in user_agent), "")
    parts = [NAMES.get(browser, browser), "Mac" if system == "Macintosh" else system]
    return ", ".join(part for part in parts if part) or _("Unknown device")
