"""The words of the market: what is offered, in which category, by which unit, with what in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    GOODS = "goods", _("Prodotto")
    SERVICE = "service", _("Servizio")
    AGREEMENT = "agreement", _("Convenzione")
    NEED = "need", _("Si cerca")


class Category(models.TextChoices):
    """
    What an offer is about. The codes are Italian words: sellers write them in their files, and
    commit rates of value back by them.
    """

    BREAD = "pane", _("Pane e dolci")
    DAIRY = "latticini", _("Formaggi e latticini")
    PRODUCE = "ortofrutta", _("Frutta e verdura")
    MEAT = "carne-pesce", _("Carne e pesce")
    PANTRY = "dispensa", _("Dispensa")
    DRINKS = "bevande", _("Vino e bevande")
    HOUSE = "casa", _("Casa e persona")
    CLOTHING = "abbigliamento", _("Vestire")
    ENERGY = "energia", _("Energia")
    CARE = "cura", _("Cura e famiglia")
    MOBILITY = "mobilita", _("Muoversi")
    TRAVEL = "turismo", _("Turismo lento")
    CULTURE = "cultura", _("Cultura e sport")
    WORK = "lavoro", _("Servizi alle imprese")
    OTHER = "altro", _("Altro")


class Unit(models.TextChoices):
    PIECE = "piece", _("pz")
    KILOGRAM = "kg", _("kg")
    LITRE = "litre", _("l")
    HOUR = "hour", _("h")
    JOB = "job", _("a corpo")


DIVISIBLE = (Unit.KILOGRAM, Unit.LITRE)
"""What may be bought in parts of a unit; the rest goes by whole ones."""


class Allergen(models.TextChoices):
    """The fourteen of Regulation (EU) 1169/2011, annex II."""

    GLUTEN = "gluten", _("Glutine")
    CRUSTACEANS = "crustaceans", _("Crostacei")
    EGGS = "eggs", _("Uova")
    FISH = "fish", _("Pesce")
    PEANUTS = "peanuts", _("Arachidi")
    SOYBEANS = "soybeans", _("Soia")
    MILK = "milk", _("Latte")
    NUTS = "nuts", _("Frutta a guscio")
    CELERY = "celery", _("Sedano")
    MUSTARD = "mustard", _("Senape")
    SESAME = "sesame", _("Sesamo")
    SULPHITES = "sulphites", _("Solfiti")
    LUPIN = "lupin", _("Lupini")
    MOLLUSCS = "molluscs", _("Molluschi")
