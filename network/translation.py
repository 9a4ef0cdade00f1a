from modeltranslation.translator import TranslationOptions, register

from network.models import Unit


@register(Unit)
class UnitTranslation(TranslationOptions):
    fields = ("name", "role_name", "description")
    required_languages = {"nb": ("name",), "default": ()}
