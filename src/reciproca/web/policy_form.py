"""The form that writes a value-back policy: what is filled in becomes the document that runs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from reciproca.registry.fields import ShareField
from reciproca.registry.queries import HeldNode
from reciproca.shared.asking import Form
from reciproca.shared.money import format_fraction
from reciproca.valueback.queries import PolicyInForce

OTHERS = {
    "common": (_("Fondo comune"), "Fondo comune", "Common fund"),
    "territory": (_("Territorio"), "Territorio", "Territory"),
    "solidarity": (_("Solidarietà"), "Solidarietà", "Solidarity"),
}
"""The branches that a community may drop or rename: title of the group, names to begin with."""

PARTS = ("share", "node", "name_it", "name_en")

NAME_NEEDED = {"required": _("Scrivi come si chiama questa parte.")}
ENGLISH_NEEDED = {"required": _("Scrivi come si chiama in inglese.")}


def _of(what: str | Promise, part: str | Promise) -> Any:
    """Return a label that tells a field from its likes of the other parts."""
    return format_lazy("{} ({})", what, part)


_OWN_PART = _("La parte del socio")


class PolicyForm(Form):
    """How value is divided, where each part lands, and when credit ends."""

    title = forms.CharField(
        label=_("Titolo"),
        max_length=200,
        error_messages={"required": _("Scrivi un titolo: è il nome dei criteri per tutti.")},
    )
    member_name_it = forms.CharField(
        label=_of(_("Come si chiama"), _OWN_PART),
        max_length=40,
        initial="A te",
        error_messages=NAME_NEEDED,
    )
    member_name_en = forms.CharField(
        label=_of(_("In inglese"), _OWN_PART),
        max_length=40,
        initial="To you",
        error_messages=ENGLISH_NEEDED,
    )
    member_share = ShareField(
        label=_of(_("Quota"), _OWN_PART),
        required=True,
        help_text=_("Una frazione o una percentuale: 2/5, 40%."),
        error_messages={"required": _("Scrivi la quota, per esempio 2/5 o 40%.")},
    )
    member_part = forms.ChoiceField(
        label=_("Che cosa succede alla parte del socio"),
        error_messages={"required": _("Scegli che cosa succede alla parte del socio.")},
        choices=[
            ("own", _("Diventa subito credito suo")),
            ("pooled", _("Si raccoglie e si divide con un riparto")),
        ],
    )
    pool = forms.ChoiceField(
        label=_("Dove si raccoglie, se si divide con un riparto"), required=False
    )
    expires_after_years = forms.IntegerField(
        label=_("Anni interi dopo cui il credito scade"),
        min_value=0,
        max_value=10,
        initial=1,
        error_messages={"required": _("Scrivi dopo quanti anni il credito scade, da 0 a 10.")},
        help_text=_("Con 1 si spende fino al 31 dicembre dell’anno dopo."),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    expired_to = forms.ChoiceField(
        label=_("Il credito scaduto va a"),
        error_messages={"required": _("Scegli a chi va il credito scaduto.")},
    )

    def __init__(self, *args: Any, held: Sequence[HeldNode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        funds = [(str(node.id), node.name) for node in held if node.kind != "pool"]
        pools = [(str(node.id), node.name) for node in held if node.kind == "pool"]
        nowhere = [("", str(_("Scegli")))]
        for key, (title, name_it, name_en) in OTHERS.items():
            self.fields |= {
                f"{key}_name_it": forms.CharField(
                    label=_of(_("Come si chiama"), title),
                    max_length=40,
                    initial=name_it,
                    error_messages=NAME_NEEDED,
                ),
                f"{key}_name_en": forms.CharField(
                    label=_of(_("In inglese"), title),
                    max_length=40,
                    initial=name_en,
                    error_messages=ENGLISH_NEEDED,
                ),
                f"{key}_share": ShareField(
                    label=_of(_("Quota"), title), help_text=_("Vuota se questa parte non c’è.")
                ),
                f"{key}_node": forms.ChoiceField(
                    label=_of(_("Arriva in"), title), choices=nowhere + funds, required=False
                ),
            }
        self.fields["pool"] = self._choice("pool", nowhere + pools)
        self.fields["expired_to"] = self._choice("expired_to", nowhere + funds)

    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """Return the fields of each branch that may be dropped, under its title."""
        return [
            (
                str(title),
                [self[f"{key}_{part}"] for part in ("share", "node", "name_it", "name_en")],
            )
            for key, (title, _name_it, _name_en) in OTHERS.items()
        ]

    def document(self) -> dict[str, object]:
        """Return the document that was filled in; its room says whether it can run."""
        given = self.cleaned_data
        others = [
            self._branch(key, node=given[f"{key}_node"] or None)
            for key in OTHERS
            if given[f"{key}_share"]
        ]
        pooled = given["member_part"] == "pooled"
        return {
            "kind": "value-back",
            "v": 1,
            "title": given["title"],
            "branches": [self._branch("member", node=None), *others],
            "member_part": given["member_part"],
            "pool": (given["pool"] or None) if pooled else None,
            "expires_after_years": given["expires_after_years"],
            "expired_to": given["expired_to"],
        }

    def _branch(self, key: str, *, node: str | None) -> dict[str, object]:
        given = self.cleaned_data
        names = {"it": given[f"{key}_name_it"], "en": given[f"{key}_name_en"]}
        return {"key": key, "name": names, "share": given[f"{key}_share"], "node": node}

    def _choice(self, name: str, choices: list[tuple[str, Any]]) -> forms.Field:
        before = self.fields[name]
        assert isinstance(before, forms.ChoiceField)
        before.choices = choices
        return before


def initial_of(running: PolicyInForce | None, held: Sequence[HeldNode]) -> dict[str, object]:
    """
    Return what the form begins with: the criteria that run, to be changed where it matters.

    The first ones begin with the fund in which everything lands, where there is only one.
    """
    if running is None:
        funds = [str(each.id) for each in held if each.kind == "fund"]
        return {"common_node": funds[0], "expired_to": funds[0]} if len(funds) == 1 else {}
    policy = running.policy
    initial: dict[str, object] = {
        "title": policy.title,
        "member_part": "pooled" if policy.pooled else "own",
        "pool": str(policy.pool_id or ""),
        "expires_after_years": policy.expires_after_years,
        "expired_to": str(policy.expired_to_id),
    }
    for branch in policy.branches:
        initial |= {
            f"{branch.key}_name_it": branch.name["it"],
            f"{branch.key}_name_en": branch.name["en"],
            f"{branch.key}_share": format_fraction(branch.share),
            f"{branch.key}_node": str(branch.fund_id or ""),
        }
    return initial
