"""
Every form of the product says in its own words what is wrong and what to do, in both languages.

A form that is made with more than what was sent says in `MADE` with what; until then it fails here.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from allauth.core.context import request_context
from django import forms
from django.contrib.sessions.backends.db import SessionStore
from django.core import validators
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import models as model_forms
from django.test import RequestFactory
from django.urls import get_resolver
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from reciproca.assemblies.rules import Electorate
from reciproca.ballots.rules.choices import Method
from reciproca.imports.mapping import Mapping
from reciproca.registry import account_forms
from reciproca.registry.models import User
from reciproca.shared.asking import Form, OwnWords
from reciproca.web.importing.readers import READERS

pytestmark = pytest.mark.django_db

ID = UUID(int=1)
NOBODY = {"user": User()}
PROJECT = SimpleNamespace(id=ID, name="Bosco", kind="fund")
PURCHASES = READERS["purchases"]

MOTION = {
    "page": SimpleNamespace(
        method=Method.MOTION,
        keys=["yes", "no"],
        options=[],
        ballot=SimpleNamespace(most_choices=None, secret=False),
    )
}

MADE: dict[str, dict[str, Any]] = {
    "ActivateTotpForm": NOBODY,
    "AddEmailForm": NOBODY,
    "AddPasskeyForm": NOBODY,
    "ApplicationForm": {"cooperatives": [(str(ID), "Il Melo")]},
    "AuthenticateForm": NOBODY,
    "AuthenticatePasskeyForm": NOBODY,
    "HandoverForm": {
        "order": SimpleNamespace(
            lines=[SimpleNamespace(position=1, title="Pane", quantity_milli=1_000, unit_title="kg")]
        )
    },
    "OfferForm": {"pickups": []},
    "ModerationForm": {"complaint_id": ID},
    "PapersForm": {"secret": True},
    **dict.fromkeys(
        ("AssistedForm", "BallotPaperForm", "PaperLinesForm", "PaperNamesForm"), MOTION
    ),
    **dict.fromkeys(("UrnHeapsForm", "UrnLinesForm", "_PaperForm"), MOTION),
    "ClosingsForm": {"tills": [SimpleNamespace(id=ID, name="Banco")]},
    "ColumnsForm": {
        "reader": PURCHASES,
        "header": ["uno", "due"],
        "mapping": Mapping(),
        "is_own": False,
        "organisation_fields": PURCHASES.fields(organisation_id=None),
    },
    "DecisionForm": {"receipt_id": ID},
    "ContactForm": {
        "known": SimpleNamespace(phone="", address="", municipality_name=""),
        "may_give_email": True,
    },
    "DeactivateTotpForm": {"authenticator": None},
    "DeskGiftForm": {"projects": [PROJECT], "most_cents": 500},
    "DisconnectForm": {"request": SimpleNamespace(user=None)},
    "EditPasskeyForm": {"instance": SimpleNamespace(wrap=lambda: SimpleNamespace(name="Mia"))},
    "FileForm": {"kinds": list(READERS)},
    "FundCallForm": {"funds": [(ID, "Fondo comune")]},
    "InviteForm": {"roles": ("manager", "till")},
    "GiftForm": {"projects": [PROJECT], "most_cents": 500},
    "IdentitySignupForm": {
        "sociallogin": SimpleNamespace(user=User(email="a@example.org"), email_addresses=[])
    },
    "MandateForm": {"roles": ("manager",)},
    "MotionForm": {"policies": [("a" * 64, "Più territorio")]},
    "PasskeyAgainForm": NOBODY,
    "PolicyForm": {"held": [PROJECT]},
    "PreferencesForm": {"choices": [SimpleNamespace(name="value", title="Valore", mail="daily")]},
    "ReauthenticateForm": NOBODY,
    "RecoveryCodesForm": NOBODY,
    "RefundForm": {
        "lines": [SimpleNamespace(position=1, description="Pane", category="", left_cents=500)]
    },
    "ResolutionForm": {"accounts": SimpleNamespace(resolution=None)},
    "SecondStepAgainForm": NOBODY,
    "SendingForm": {"ids": [str(ID)]},
    "SessionForm": {"people": [(ID, "Ada")]},
    "SettlementForm": {
        "payments": [
            SimpleNamespace(
                id=ID, debtor=SimpleNamespace(name="Il Melo"), creditor=SimpleNamespace(name="Rete")
            )
        ]
    },
    "SignupPasskeyForm": NOBODY,
    "StatuteForm": {"electorates": [Electorate.MEMBERS]},
    "UndoForm": {"reason_needed": True},
}

# What of allauth's our settings never ask: telephones, and the two halves of a mailed address.
NEVER_ASKED = {"VerifyPhoneForm", "UserTokenForm"}

NOTHING = ""
NUL = "a\0b"
BAD = (
    NOTHING,
    NUL,
    "x" * 5_000,
    "nessuna-di-queste",
    "-1",
    "0",
    "1,234",
    "9" * 30,
    "0001-01-01",
    "31/02/2026",
    "🎉",
)
# Beyond these allauth asks its own tables.
BAD_FOR_ALLAUTH = (NOTHING, NUL)
BAD_FILES = (
    ("vuoto.pdf", b""),
    ("n" * 300 + ".pdf", b"%PDF"),
    ("foto.png", b"\x89PNG\r\n"),
)


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def all_forms() -> list[type[forms.BaseForm]]:
    """Return every form of the product: to read the addresses is to load all that asks."""
    assert get_resolver().url_patterns
    found = {
        each
        for each in subclasses(forms.BaseForm)
        if each.__module__.startswith("reciproca.")
        and ".tests." not in each.__module__
        and each is not Form
    }
    return sorted(found, key=lambda each: (each.__module__, each.__name__))


def djangos() -> set[int]:
    """Return the sentences that Django says of any field, as the objects they are."""
    kinds = [forms.Field, *subclasses(forms.Field)]
    said = [
        sentence
        for kind in kinds
        if kind.__module__ in (forms.fields.__name__, model_forms.__name__)
        for sentence in vars(kind).get("default_error_messages", {}).values()
    ]
    checks = [each for each in vars(validators).values() if isinstance(each, type)]
    said += [each.message for each in checks if hasattr(each, "message")]
    return {id(each) for each in said}


DJANGOS = djangos()


def mistakes(kind: type[forms.BaseForm]) -> Iterator[tuple[str, str, ValidationError]]:
    """Yield all that can be wrong in a form: the field, the bad answer, the error."""
    made = MADE.get(kind.__name__, {})
    fields = kind(data=None, **made).fields
    of_allauth = kind.__module__ == account_forms.__name__
    for answer in BAD_FOR_ALLAUTH if of_allauth else BAD:
        yield from wrong(kind(data=dict.fromkeys(fields, answer), **made), answer)
    for title, content in BAD_FILES:
        files: Any = MultiValueDict()
        for name in fields:
            files[name] = SimpleUploadedFile(title, content)
        if any(field.widget.needs_multipart_form for field in fields.values()):
            yield from wrong(kind(data={"sent": "1"}, files=files, **made), title)


def wrong(form: forms.BaseForm, answer: str) -> Iterator[tuple[str, str, ValidationError]]:
    for name, errors in form.errors.as_data().items():
        for error in errors:
            yield name, answer[:20], error


def told(kind: type[forms.BaseForm], language: str) -> list[tuple[str, str, str]]:
    """Return field, answer and sentence of every mistake; none of them is Django's."""
    with override(language):
        found = list(mistakes(kind))
        assert [each for each in found if id(each[2].message) in DJANGOS] == []
        return [
            (name, answer, sentence) for name, answer, error in found for sentence in error.messages
        ]


@pytest.fixture(autouse=True)
def request_of_allauth() -> Iterator[None]:
    """Let allauth's forms find the request that they look for beside their arguments."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    with request_context(request):
        yield


@pytest.mark.parametrize("kind", all_forms(), ids=lambda kind: kind.__name__)
def test_a_form_says_what_to_do_in_both_languages(kind: type[forms.BaseForm]) -> None:
    italian, english = told(kind, "it"), told(kind, "en")

    assert issubclass(kind, OwnWords)
    assert len(italian) == len(english)
    assert [each for each in italian if each in english] == []


@pytest.mark.parametrize("kind", all_forms(), ids=lambda kind: kind.__name__)
def test_a_field_that_can_be_wrong_has_a_label(kind: type[forms.BaseForm]) -> None:
    """The list of what to put right begins with it: Django's, made of the name, is no word."""
    fields = kind(data=None, **MADE.get(kind.__name__, {})).fields

    assert {
        name
        for name, _answer, _error in mistakes(kind)
        if name in fields and not fields[name].label
    } == set()


def test_every_form_of_allauth_is_asked_in_our_words() -> None:
    theirs = {
        each
        for each in subclasses(forms.BaseForm)
        if each.__module__.startswith("allauth.")
        and each.base_fields
        and not any(own.__module__.startswith("allauth.") for own in each.__subclasses__())
    }
    spoken = {each for each in theirs if any(issubclass(own, OwnWords) for own in subclasses(each))}

    assert {each.__name__ for each in theirs - spoken} == NEVER_ASKED


class Silent(forms.Form):
    """What Django makes of a form that nobody gave words."""

    name = forms.CharField(max_length=3)
    kind = forms.ChoiceField(choices=[("a", "A")])


class WithoutWords(OwnWords, Silent):
    """The same form once it speaks as ours do, but says nothing of what is missing."""


def test_this_proof_finds_a_form_without_words() -> None:
    in_djangos_words = {
        kind: {
            (name, answer) for name, answer, error in mistakes(kind) if id(error.message) in DJANGOS
        }
        for kind in (Silent, WithoutWords)
    }

    assert ("name", "x" * 20) in in_djangos_words[Silent]
    assert in_djangos_words[WithoutWords] == {("name", NOTHING), ("kind", NOTHING)}
