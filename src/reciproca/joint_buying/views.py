"""Pages of suppliers' price lists."""

from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from reciproca.joint_buying import queries
from reciproca.joint_buying.models import Supplier
from reciproca.registry import queries as registry
from reciproca.shared.asking import Form
from reciproca.shared.gates import role_required
from reciproca.shared.gdxp import write_gdxp
from reciproca.shared.tables import csv_response
from reciproca.shared.types import MemberRequest

ON_A_PAGE = 100
SIGNATURE = "Reciproca"


class ProductsForm(Form):
    """Which products of a list to show."""

    q = forms.CharField(label=_("Nome o codice del prodotto"), max_length=100, required=False)

    def asked(self) -> str:
        """Return the text looked for, empty for none and for one that cannot be."""
        self.is_valid()
        return self.cleaned_data.get("q") or ""


@require_safe
@role_required("manager", "officer")
def price_lists(request: MemberRequest) -> HttpResponse:
    """Show the price lists that one may use."""
    found = queries.price_lists(node_id=_keeper(request))
    return render(request, "joint_buying/price_lists.html", {"lists": found})


@require_safe
@role_required("manager", "officer")
def price_list(request: MemberRequest, supplier_id: UUID) -> HttpResponse:
    """Show what a supplier sells and how."""
    supplier = _supplier_or_404(request, supplier_id)
    text = ProductsForm(request.GET).asked()
    found = queries.products_of(supplier_id=supplier.id, text=text)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"supplier": supplier, "page": page, "text": text}
    return render(request, "joint_buying/price_list.html", context)


@require_safe
@role_required("manager", "officer")
def price_list_csv(request: MemberRequest, supplier_id: UUID) -> HttpResponseBase:
    """Hand a list out as CSV."""
    supplier = _supplier_or_404(request, supplier_id)
    return csv_response(
        name=f"{_file_name(supplier)}.csv",
        head=queries.CSV_HEADER,
        rows=queries.csv_rows(of=supplier),
    )


@require_safe
@role_required("manager", "officer")
def price_list_gdxp(request: MemberRequest, supplier_id: UUID) -> HttpResponse:
    """Hand a list out as GDXP."""
    supplier, community = _supplier_or_404(request, supplier_id), registry.community()
    content = write_gdxp(
        subject=community.name if community else SIGNATURE,
        supplier={
            "supplier": supplier.name,
            "supplier_vat": supplier.vat_number,
            "supplier_tax": supplier.tax_code,
        },
        products=queries.gdxp_products(supplier_id=supplier.id),
        created_on=timezone.localdate(),
        signature=SIGNATURE,
    )
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(supplier)}.json"'
    return answer


def _keeper(request: MemberRequest) -> UUID | None:
    """Return whose own lists one reads: an organisation's, or only the federation's."""
    return request.actor.node_id if request.actor.role == "manager" else None


def _supplier_or_404(request: MemberRequest, supplier_id: UUID) -> Supplier:
    found = queries.supplier(supplier_id=supplier_id, node_id=_keeper(request))
    if found is None:
        raise Http404
    return found


def _file_name(supplier: Supplier) -> str:
    return slugify(supplier.name) or "listino"
