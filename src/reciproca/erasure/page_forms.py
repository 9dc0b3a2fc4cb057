"""What the pages of an erasure ask."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reciproca.shared.asking import Form


class UnderstoodForm(Form):
    """The last step: somebody says that they know what goes."""

    understood = forms.BooleanField(
        label=_("Ho capito: quello che si cancella non torna più."),
        error_messages={"required": _("Spunta la casella, se vuoi davvero cancellare i dati.")},
    )


class PaperForm(UnderstoodForm):
    """The last step for somebody who asked on paper."""

    paper = forms.CharField(
        label=_("Numero del modulo firmato"),
        help_text=_("Il numero o il protocollo della richiesta su carta, senza il nome."),
        max_length=40,
        error_messages={"required": _("Scrivi il numero del modulo che la persona ha firmato.")},
    )
    field_order = ("paper", "understood")


class WhoForm(Form):
    """Whom a request on paper is about."""

    code = forms.CharField(
        label=_("Carta, codice fiscale o e-mail"),
        help_text=_("Uno dei tre, per intero, come sta scritto sulla richiesta."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Scrivi la carta, il codice fiscale o l’e-mail della persona.")
        },
    )
