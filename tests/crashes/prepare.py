"""`python -m tests.crashes.prepare ROWS`: a community, its cards, a file for the worker."""

import json
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from reciproca.cli.house import open_house

FIRST_DAY = datetime(2025, 2, 1, 8)  # noqa: DTZ001 - files know no zones
MEMBERS = 40


def main(rows: int) -> None:
    open_house(migrate=True)
    from django.utils import timezone

    from reciproca.imports import actions
    from reciproca.imports.mapping import mapping_of
    from reciproca.purchases.reading import PURCHASES
    from reciproca.purchases.tests.community import make_community
    from reciproca.registry import actions as registry
    from reciproca.registry.forms import PersonIn
    from reciproca.registry.models import Card
    from reciproca.shared.jobs import start_job
    from reciproca.web.importing import jobs

    here, now = make_community(), timezone.now()
    registry.register_people(
        people=[PersonIn(first_name="Socia", last_name=str(n)) for n in range(MEMBERS)],
        recorded_by=None,
        recorded_at=now,
    )
    key = registry.create_api_key(
        organisation_id=here.lievito.id, name="Cassa", created_by=None, created_at=now
    )
    told: dict[str, object] = {
        "secret": key.secret,
        "cards": list(Card.objects.values_list("number", flat=True)),
    }
    if rows:
        mapping = mapping_of(
            {
                "members": {"unknown": "create", "source": "crash"},
                "sellers": {"unknown": "create", "source": "crash", "rate_bp": 400},
            }
        )
        with TemporaryDirectory() as folder:
            path = _file(Path(folder), rows)
            received = actions.receive_file(
                kind=PURCHASES.kind,
                file_name=path.name,
                size_bytes=path.stat().st_size,
                mapping=mapping,
                organisation_id=None,
                started_by=None,
                started_at=now,
            )
            actions.read_file(import_id=received.pk, reader=PURCHASES, path=path)
        args = {"import_id": str(received.pk), "person_id": str(here.ada.id)}
        start_job(kind=jobs.RECORD, args={**args, "takes_good_rows": True}, started_by=None)
        told["import_id"] = str(received.pk)
    print(json.dumps(told))


def _file(folder: Path, rows: int) -> Path:
    chance, path = random.Random("crash"), folder / "crash.csv"
    with path.open("w") as out:
        out.write("scontrino;socio;cooperativa;data;importo;reparto\n")
        for number in range(rows):
            at = FIRST_DAY + timedelta(minutes=5 * number)
            out.write(
                f"c{number};M{number % 200:03};S{number % 7};{at:%d/%m/%Y %H:%M:%S};"
                f"{chance.randrange(1, 90)},50;alimentari\n"
            )
    return path


if __name__ == "__main__":
    main(int(sys.argv[1]))
