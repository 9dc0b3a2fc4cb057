"""A person's own data, taken home: one JSON file, or a folder of tables."""

import io
import zipfile

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reciproca.shared.gates import known_required
from reciproca.shared.tables import csv_line
from reciproca.shared.types import MemberRequest
from reciproca.web.member.own_data import Row, own_data
from reciproca.web.views.profile import own_id

FORMAT = "reciproca-own-data/1"


@require_safe
@known_required
def own_data_json(request: MemberRequest) -> JsonResponse:
    """Return everything that the community knows of whoever asks."""
    told = {
        "format": FORMAT,
        "made_at": timezone.now(),
        "tables": own_data(person_id=own_id(request)),
    }
    return JsonResponse(
        told,
        encoder=DjangoJSONEncoder,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": 'attachment; filename="reciproca-dati.json"'},
    )


@require_safe
@known_required
def own_data_tables(request: MemberRequest) -> HttpResponse:
    """Return the same as CSV files, one a table, packed into one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, rows in own_data(person_id=own_id(request)).items():
            folder.writestr(f"{name}.csv", _csv(rows))
    return HttpResponse(
        packed.getvalue(),
        content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="reciproca-dati.zip"'},
    )


def _csv(rows: list[Row]) -> str:
    cells = [["" if value is None else str(value) for value in row.values()] for row in rows]
    return "".join(csv_line(line, separator=",") for line in [*rows[:1], *cells])
