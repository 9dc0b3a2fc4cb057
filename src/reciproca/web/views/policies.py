"""Writing new criteria for value back, before the resolution that adopts them is recorded."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from reciproca.governance import queries as governance
from reciproca.governance.rules import canonical
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest
from reciproca.valueback import queries as valueback
from reciproca.web.policy_form import PolicyForm, initial_of


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("officer")
def policy_new(request: MemberRequest) -> HttpResponse:
    """Fill in new criteria, beginning with those that run; next they are read aloud."""
    running = valueback.policy_in_force(on=timezone.localdate())
    held = registry.held_nodes()
    form = PolicyForm(request.POST or None, held=held, initial=initial_of(running, held))
    if request.method == "POST" and form.is_valid():
        try:
            document = form.document()
            governance.read_aloud(document=document)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            query = urlencode({"document": canonical(document)})
            return redirect(f"{reverse('governance:adoption')}?{query}")
    status = 422 if form.errors else 200
    context = {"form": form, "running": running}
    return render(request, "web/policy_new.html", context, status=status)
