"""What a members' register says of each member, and why a row of it is refused."""

from django.utils.translation import gettext_lazy as _

from reciproca.imports.columns import Field
from reciproca.registry.reading.cells import PLACE_FIELDS
from reciproca.shared.errors import DomainError

FIELDS = (
    Field("key", _("codice nel file"), ("id", "codice", "codice_socio", "id_socio", "member_id")),
    Field("first_name", _("nome"), ("nome", "nome_proprio", "given_name")),
    Field("last_name", _("cognome"), ("cognome", "surname", "family_name")),
    Field(
        "name",
        _("nome e cognome"),
        ("nominativo", "nome_e_cognome", "cognome_e_nome", "socio", "full_name"),
    ),
    Field("tax_code", _("codice fiscale"), ("codice_fiscale", "cf", "c_f", "fiscal_code")),
    Field(
        "born_on",
        _("data di nascita"),
        ("data_nascita", "data_di_nascita", "nato_il"),
        is_date=True,
    ),
    Field("email", _("e-mail"), ("e_mail", "mail", "posta_elettronica", "email_address")),
    Field("phone", _("telefono"), ("telefono", "cellulare", "tel", "mobile")),
    Field("address", _("indirizzo"), ("indirizzo", "via", "residenza", "street")),
    Field("iban", _("IBAN"), ("conto", "conto_corrente")),
    Field(
        "cooperative",
        _("cooperativa"),
        ("cooperativa", "codice_cooperativa", "cf_cooperativa", "cooperative_id"),
    ),
    Field(
        "registered_on",
        _("data di iscrizione"),
        ("data_iscrizione", "iscritto_il", "data_ammissione", "socio_dal", "member_since"),
        is_date=True,
    ),
    Field("kind", _("tipo di socio"), ("tipo_socio", "categoria_socio", "member_kind")),
    Field(
        "share",
        _("capitale versato"),
        ("capitale", "quota", "quota_versata", "capitale_versato", "capitale_sociale"),
        is_amount=True,
    ),
    *PLACE_FIELDS,
)


class CooperativeNotFound(DomainError):
    code = "cooperative-not-found"
    message = _(
        "Non conosciamo la cooperativa “%(code)s”. Scrivi il suo codice fiscale, oppure registrala."
    )


class ShareNegative(DomainError):
    code = "share-negative"
    message = _("Il capitale versato non può essere negativo: “%(text)s”.")
