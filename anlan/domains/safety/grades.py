"""The four grades of a hazard (ui.md 3.3)."""

from django.db import models

from anlan.engines.forms.api import HAZARD_GRADE, offer_words


class Grade(models.TextChoices):
    """Risk grade of a hazard; colours are fixed by the design."""

    MAJOR = "major", "重大"
    LARGE = "large", "较大"
    GENERAL = "general", "一般"
    LOW = "low", "低"


offer_words(HAZARD_GRADE, lambda unit: Grade.choices)
