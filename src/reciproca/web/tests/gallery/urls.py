"""Addresses of the gallery, beside the real ones."""

import re
from pathlib import Path
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path

from reciproca.shared.errors import DomainError
from reciproca.shared.first_steps import FirstStep, in_turn
from reciproca.shared.types import Actor
from reciproca.web import urls
from reciproca.web.context import RoleChoice, Shell
from reciproca.web.navigation import NavItem
from reciproca.web.tests.gallery.figures import charts

HERE = Path(__file__).parent
README = (HERE.parents[4] / "verifier" / "README.md").read_text(encoding="utf-8")
PAGES = Paginator(range(400), 20)


class YearForm(forms.Form):
    surplus = forms.CharField(
        label="Avanzo dell’esercizio", help_text="In euro, come nel bilancio: 12.345,67."
    )
    resolution = forms.CharField(label="Delibera dell’assemblea", max_length=5)
    note = forms.CharField(label="Nota", required=False, widget=forms.Textarea)
    paid_as = forms.ChoiceField(
        label="Come paghi il ristorno",
        choices=[("credit", "In credito"), ("cash", "Con bonifico")],
        widget=forms.RadioSelect,
    )
    when = forms.ChoiceField(label="Anno", choices=[("2025", "2025"), ("2024", "2024")])
    sure = forms.BooleanField(label="Ho letto il verbale e confermo i dati.")


class UploadForm(forms.Form):
    file = forms.FileField(label="File degli acquisti")


def gallery(request: HttpRequest, name: str) -> HttpResponse:
    """Show one page of the gallery."""
    template = engines["django"].from_string((HERE / f"{name}.html").read_text())
    shown = {**content(), "page": PAGES.get_page(request.GET.get("page", "7"))}
    return HttpResponse(template.render(shown, request))


def poll(request: HttpRequest) -> HttpResponse:
    """Answer a running job that asks how far it is: it has just finished."""
    job = {"id": "1", "title": "Chiusura del 2025", "state": "done", "steps": []}
    return render(request, "components/job.html", {"job": job, "css": "strip"})


def content() -> dict[str, object]:
    """Return what the pages show."""
    form = YearForm({"surplus": "", "resolution": "2025/118"})
    form.full_clean()
    names = ["Panificio Il Lievito", "Famiglia Coop. Valchiara", "Mobilità Insieme", "Maso Dossi"]
    return {
        **charts(),
        "shell": a_shell(),
        "names": names,
        "form": form,
        "upload": UploadForm(),
        "payment": YearForm(auto_id="pay_%s"),
        "hints": [
            ("credit", "Subito, spendibile in tutta la rete."),
            ("cash", "Con un file per la banca."),
        ],
        "refusal": DomainError(),
        "first_steps": in_turn(
            [
                FirstStep("Prometti quanto torna", "la parte di ogni acquisto", "#quota", True),
                FirstStep("Apri una cassa", "il banco, lo spaccio: dove vendete", "#cassa", False),
                FirstStep("I criteri della comunità", "li scrive la federazione", "", False),
            ]
        ),
        "kpis": [
            {"label": "Valore redistribuito", "value": "164.200 €", "note": "18% in più del 2025"},
            {"label": "Soci attivi", "value": "3.180", "note": "214 in più da gennaio", "up": True},
            {"label": "Cooperative", "value": "42", "note": "3 in attesa di firma"},
            {"label": "Scambi", "value": "318", "note": "26% della rete", "url": "#scambi"},
        ],
        "todo": [
            {
                "title": "Come dividiamo il valore del 2027?",
                "note": "Chiude venerdì alle 20",
                "icon": "vote",
                "leaf": "gold",
            },
            {
                "title": "Ritira la cassetta del gruppo Borgo",
                "note": "Domani 17:30",
                "icon": "store",
                "leaf": "",
            },
            {
                "title": "Maso Dossi non chiude le casse",
                "note": "Da 6 giorni",
                "icon": "triangle-alert",
                "leaf": "bad",
            },
        ],
        "facts": [
            ("In arrivo", "4,12 €"),
            ("In scadenza", "6,20 €"),
            ("Usati nel 2026", "54,00 €"),
        ],
        "steps": [
            {"label": "Avanzo", "state": "ok", "url": "#1"},
            {"label": "Delibera", "state": "here"},
            {"label": "Riparto", "state": "todo"},
            {"label": "Controlla", "state": "todo"},
        ],
        "jobs": [
            {
                "id": "1",
                "title": "Chiusura del 2025 in corso",
                "state": "running",
                "note": "Avviata da L. Tomasi alle 9:12.",
                "steps": [
                    {"label": "Spese verificate", "state": "ok"},
                    {"label": "Accrediti", "state": "run", "done": 2318, "total": 3180},
                    {"label": "Estratti", "state": "todo"},
                ],
            },
            {
                "id": "2",
                "title": "Importazione fermata",
                "state": "failed",
                "steps": [{"label": "Lettura", "state": "bad"}],
            },
            {
                "id": "3",
                "title": "Chiusura del 2024",
                "state": "done",
                "steps": [{"label": "Accrediti", "state": "ok"}],
            },
        ],
        **a_proof(),
        "segments": [
            {"label": "Elenco", "url": "#e", "current": True, "icon": "list"},
            {"label": "Mappa", "url": "#m", "icon": "map"},
        ],
        "chips": [
            {"label": "Tutte", "url": "#t", "current": True, "count": 60},
            {"label": "Agricole", "url": "#a", "count": 12},
            {"label": "Sociali", "url": "#s"},
        ],
        "actions": [
            {"name": "do", "value": "send", "label": "Manda l’estratto"},
            {"name": "do", "value": "paid", "label": "Segna pagate", "css": "line"},
        ],
    }


def a_proof() -> dict[str, object]:
    """Return the verifier's worked example, with the keys that it is checked by."""
    [proof] = re.findall(r"^```\n(c2sp\.org/tlog-proof.+?)^```", README, re.MULTILINE | re.DOTALL)
    vkey, *witnesses = re.findall(r"^    (\S+\+[0-9a-f]{8}\+\S+)$", README, re.MULTILINE)
    return {"proof": proof, "proof_vkey": vkey, "proof_witnesses": witnesses}


def a_shell() -> Shell:
    """Return the house round a manager's page."""
    return Shell(
        community_name="Comunità delle Tre Valli",
        actor=Actor(),
        language="it",
        here="/",
        nav=(
            NavItem("Quadro", "/quadro", "house", current=True),
            NavItem("Rete", "/rete", "users-round"),
            NavItem("Compensazioni", "/comp", "scale"),
            NavItem("Esercizio", "/anno", "calendar-range"),
            NavItem("Importazioni", "/imp", "upload"),
            NavItem("Politiche", "/pol", "scroll-text", only_rail=True, group="Governo"),
        ),
        roles=(
            RoleChoice(None, "Marta Bonelli", "Socia"),
            RoleChoice(UUID(int=1), "Federazione delle Tre Valli", "Cabina di regia", current=True),
        ),
        unread_notices=2,
        person_name="Marta Bonelli",
        person_note="2000000482193",
        notices_url="/avvisi",
        profile_url="/profilo",
        role_url="/ruolo",
        language_url="/lingua",
        logout_url="/esci",
    )


urlpatterns = [path("gallery/<name>", gallery), path("poll", poll), path("", include(urls))]
