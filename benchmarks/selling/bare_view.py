"""
The barest view that keeps a row: what selling over HTTP is held against.

The same server, processes, threads and pool as the house's; no middleware, no rules, one INSERT.
`python -m benchmarks.selling.bare_view PORT` serves it.
"""

import json
import os
import sys

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path


def sell(request: HttpRequest) -> JsonResponse:
    """Keep the sale's key and its first amount."""
    sale = json.loads(request.body)
    row = sale["key"], sale["lines"][0]["amount_cents"]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare_sale VALUES (%s, %s)", row)
    answer = JsonResponse({"key": sale["key"]}, status=201)
    answer["Content-Length"] = len(answer.content)
    return answer


urlpatterns = [path("api/v1/sales", sell)]

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.selling.bare_settings"
    from reciproca.cli.house import join_database
    from reciproca.cli.web import serve_web

    join_database()
    serve_web(
        host="127.0.0.1",
        port=int(sys.argv[1]),
        application="benchmarks.selling.bare_view:application",
    )
else:
    application = get_wsgi_application()
