"""The first pages of an import: the list, the file, what its columns mean."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from reciproca.imports import actions, queries
from reciproca.imports.columns import Field
from reciproca.imports.files.opening import Peek, peek
from reciproca.imports.mapping import Mapping, mapping_of
from reciproca.imports.models import Import, State
from reciproca.imports.wellknown import well_known
from reciproca.shared.asking import Form
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.jobs import start_job
from reciproca.shared.types import MemberRequest
from reciproca.web.importing import uploads, wizard
from reciproca.web.importing.forms import ColumnsForm, FileForm
from reciproca.web.importing.jobs import READ
from reciproca.web.importing.readers import READERS

GET_OR_POST = ["GET", "HEAD", "POST"]
ON_A_PAGE = 30

importer_required = role_required("manager", "officer")


class ListForm(Form):
    """Which files to list; a state that does not exist narrows nothing."""

    q = forms.CharField(label=_("Nome del file"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("A che punto"), choices=State.choices, required=False)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        told = self.cleaned_data
        return {"text": told.get("q") or "", "state": told.get("state") or ""}


@require_safe
@importer_required
def imports_list(request: MemberRequest) -> HttpResponse:
    """Show the files that came in, the latest first."""
    form = ListForm(request.GET)
    asked = form.asked()
    files = queries.imports_of(organisation_id=wizard.owner_id(request), **asked)
    page = Paginator(files, ON_A_PAGE).get_page(request.GET.get("page"))
    for each in page:
        each.title = READERS[each.kind].title  # type: ignore[attr-defined]
    context = {"page": page, "states": State.choices, "narrowed": any(asked.values()), **asked}
    return render(request, "imports/list.html", context)


@csrf_exempt
@require_http_methods(GET_OR_POST)
@importer_required
def new(request: MemberRequest) -> HttpResponse:
    """Take a file in; one that announces itself as too large is refused before it is read."""
    try:
        # Reading the form's secret would read the whole body: the size is looked at first.
        uploads.refuse_large_request(request)
    except DomainError as refusal:
        form = FileForm(kinds=wizard.kinds_for(request))
        context = {
            "form": form,
            "refusal": refusal,
            "largest_mb": uploads.LARGEST_MB,
            **wizard.steps(None, "file"),
        }
        return render(request, "imports/file.html", context, status=refusal.status)
    return _new(request)


@csrf_protect
def _new(request: MemberRequest) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None, kinds=wizard.kinds_for(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                received = _received(request, form)
            except DomainError as refusal:
                form.add_error("file", str(refusal))
            else:
                return redirect("imports:columns", received.pk)
    context = {"form": form, "largest_mb": uploads.LARGEST_MB, **wizard.steps(None, "file")}
    return render(request, "imports/file.html", context, status=status)


@require_http_methods(GET_OR_POST)
@importer_required
def columns(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Show what each column was taken for, and read the file once that is right."""
    found = wizard.import_or_404(request, import_id)
    path = uploads.kept_upload(found.pk)
    is_at_work = wizard.is_at_work(wizard.job_of(found))
    if is_at_work or found.state not in wizard.MAY_CHANGE_COLUMNS or not path.exists():
        return redirect("imports:import", found.pk)
    mapping, fields = mapping_of(found.mapping), _fields(found)
    seen = peek(path=path, options=mapping.file)
    form = ColumnsForm(
        request.POST or None,
        reader=READERS[found.kind],
        header=seen.header,
        mapping=mapping,
        is_own=found.organisation_id is not None,
        organisation_fields=fields,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_mapping(import_id=found.pk, mapping=form.told_mapping())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            _start_reading(request, found)
            return redirect("imports:progress", found.pk)
    context = {"file": found, "form": form, "seen": seen, **wizard.steps(found, "columns")}
    status = 422 if form.errors else 200
    return render(request, "imports/columns.html", context, status=status)


def _received(request: MemberRequest, form: FileForm) -> Import:
    """Keep the file and what is known of its columns; refuse what is no table at all."""
    upload, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
    owner = wizard.owner_id(request)
    mapping = form.told_mapping() or Mapping(kind=kind)
    received = actions.receive_file(
        kind=kind,
        file_name=upload.name or "",
        size_bytes=upload.size or 0,
        mapping=mapping,
        organisation_id=owner,
        started_by=request.actor.user_id,
        started_at=timezone.now(),
    )
    path = uploads.keep_upload(import_id=received.pk, upload=upload)
    try:
        seen = peek(path=path, options=mapping.file)
    except DomainError as refusal:
        uploads.forget_upload(received.pk)
        actions.give_up(import_id=received.pk, refusal=refusal)
        raise
    if form.told_mapping() is None:
        _remember_mapping(received, seen)
    return received


def _remember_mapping(received: Import, seen: Peek) -> None:
    """Begin with what the columns were taken for in a file that looked like this one."""
    last = queries.last_mapping(
        header=seen.header, kind=received.kind, organisation_id=received.organisation_id
    )
    known = mapping_of(last) if last is not None else None
    if known is None and received.organisation_id is None:
        known = well_known(kind=received.kind, header=seen.header)
    if known is not None:
        actions.change_mapping(import_id=received.pk, mapping=known)


def _start_reading(request: MemberRequest, found: Import) -> None:
    start_job(
        kind=READ,
        args={"import_id": str(found.pk), "person_id": str(request.actor.person_id)},
        started_by=request.actor.user_id,
        title=found.file_name,
        subject=str(found.pk),
    )


def _fields(found: Import) -> Sequence[Field]:
    return READERS[found.kind].fields(organisation_id=found.organisation_id)
