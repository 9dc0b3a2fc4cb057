"""
The people whose eyes a visitor of the demo may borrow, each with one click and one story.

They are the first people of the plan: a persona's index in `PERSONAS` is that person's index.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Role = Literal["till", "manager", "officer"]
Spending = Literal["never", "sometimes", "at_christmas", "always"]


@dataclass(frozen=True, slots=True)
class PersonaPlan:
    """
    A persona. `role` and `organisation` (a key of the plan) are empty for a plain member.

    `tries` says what a visitor may look at first. `purchases` is how many times a year the person
    buys, in `places` besides the village shop, apart from the kinds of shop in `fixed`, paid on
    fixed days; `spending` is when the person spends credits. `children` are the home's minors.
    """

    key: str
    first_name: str
    last_name: str
    female: bool
    born_on: date
    place: str
    title: str | Promise
    story: str | Promise
    tries: str | Promise
    purchases: int
    places: int
    fixed: tuple[str, ...] = ()
    spending: Spending = "sometimes"
    children: int = 0
    role: Role | None = None
    organisation: str = ""


PERSONAS: Final = (
    PersonaPlan(
        key="marta",
        first_name="Marta",
        last_name="Bonelli",
        female=True,
        born_on=date(1987, 3, 14),
        place="Cles",
        title=_("Socia, mamma di due bambini"),
        story=_(
            "Marta fa la spesa in bottega, prende il pane al forno e la corriera per Malé; i"
            " bambini vanno al doposcuola. Con una carta sola compra in mezza valle, e una parte"
            " di quello che spende le torna."
        ),
        tries=_("Guarda quanto le è tornato quest’anno, e perché proprio quella cifra."),
        purchases=330,
        places=30,
        fixed=("nido", "corriera", "musica", "energia", "banca"),
        children=2,
    ),
    PersonaPlan(
        key="ottilia",
        first_name="Ottilia",
        last_name="Penasa",
        female=True,
        born_on=date(1943, 11, 2),
        place="Rabbi",
        title=_("Socia dal 1968, non usa il telefono"),
        story=_(
            "Ottilia scende in bottega due volte la settimana, con la carta stampata nel"
            " portafoglio. Per tutto l’anno mette da parte quello che le torna: a Natale lo"
            " spende per i nipoti."
        ),
        tries=_("Guarda i crediti messi da parte e quando scadono."),
        purchases=115,
        places=1,
        fixed=("assistenza", "energia"),
        spending="at_christmas",
    ),
    PersonaPlan(
        key="davide",
        first_name="Davide",
        last_name="Stanchina",
        female=False,
        born_on=date(1996, 7, 21),
        place="Cles",
        title=_("Alla cassa della Famiglia Cooperativa Valchiara"),
        story=_(
            "Davide conosce per nome metà dei soci. Della rete vede quello che serve in cassa:"
            " la carta, quanto si può usare, quanto torna. Nient’altro."
        ),
        tries=_("Guarda che cosa vede chi sta in cassa, e che cosa no."),
        purchases=70,
        places=9,
        fixed=("banca",),
        role="till",
        organisation="valchiara",
    ),
    PersonaPlan(
        key="paola",
        first_name="Paola",
        last_name="Dalpiaz",
        female=True,
        born_on=date(1974, 5, 9),
        place="Cles",
        title=_("Dirige la Famiglia Cooperativa Valchiara"),
        story=_(
            "Paola chiude l’anno: l’utile è noto, l’assemblea ha deliberato il ristorno. Deve"
            " darlo ai soci al centesimo e sapere quanto deve alle altre cooperative."
        ),
        tries=_("Segui l’utile fino al ristorno di ogni socio."),
        purchases=95,
        places=12,
        fixed=("energia", "banca"),
        role="manager",
        organisation="valchiara",
    ),
    PersonaPlan(
        key="nadia",
        first_name="Nadia",
        last_name="Hoxha",
        female=True,
        born_on=date(1983, 1, 30),
        place="Ville d'Anaunia",
        title=_("Dirige la cooperativa sociale Le Formiche Operose"),
        story=_(
            "Nadia è arrivata nelle valli da bambina. Oggi guida una cooperativa che dà lavoro a"
            " chi fatica a trovarlo, e accetta i crediti nati nelle botteghe: ogni credito speso"
            " da lei è un prato tagliato."
        ),
        tries=_("Guarda quanto le devono le altre cooperative, e da dove nasce."),
        purchases=60,
        places=10,
        fixed=("nido", "energia"),
        children=1,
        role="manager",
        organisation="formiche-operose",
    ),
    PersonaPlan(
        key="luca",
        first_name="Luca",
        last_name="Tomasi",
        female=False,
        born_on=date(1980, 9, 17),
        place="Mezzolombardo",
        title=_("Cabina di regia, Federazione delle Tre Valli"),
        story=_(
            "Luca tiene insieme la rete: chi c’è, quanto torna, chi deve a chi. Vede conteggi e"
            " somme, mai il carrello di una persona."
        ),
        tries=_("Apri l’anno della rete e la compensazione fra cooperative."),
        purchases=65,
        places=10,
        fixed=("banca", "musica"),
        children=1,
        role="officer",
        organisation="federazione",
    ),
    PersonaPlan(
        key="guido",
        first_name="Guido",
        last_name="Fedrizzi",
        female=False,
        born_on=date(1955, 2, 26),
        place="Predaia",
        title=_("Socio, ragioniere in pensione"),
        story=_(
            "Guido non si fida, e fa bene. Ogni domenica prende una cifra della rete e rifà il"
            " conto da capo, finché torna."
        ),
        tries=_("Prendi un suo acquisto e rifai il conto con la formula che trovi accanto."),
        purchases=150,
        places=14,
        fixed=("energia", "banca"),
        spending="always",
    ),
)
