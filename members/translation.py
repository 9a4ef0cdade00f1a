from modeltranslation.translator import TranslationOptions, register

from members.models import Position, Profession


@register([Profession, Position])
class NamedTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = {"nb": ("name",), "nn": ("name",), "default": ()}
