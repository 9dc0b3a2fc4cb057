"""The addresses of lists as files, each under its page."""

from django.urls import path

from reciproca.web.lists import clearing, members, movements, network, purchases, tills, views
from reciproca.web.lists.table import file_path

app_name = "lists"

urlpatterns = [
    file_path("tills/closings/", tills.CLOSINGS, name="closings"),
    file_path("tills/held/", tills.HELD, name="held"),
    file_path("clearing/", clearing.PAYMENTS, name="payments"),
    file_path("clearing/runs/<uuid:run_id>/obligations/", clearing.OBLIGATIONS, name="obligations"),
    file_path("control/alerts/", network.ALERTS, name="alerts"),
    file_path("control/audit/", network.ACTS, name="acts"),
    file_path("control/network/", network.PAIRS, name="pairs"),
    file_path("control/network/cooperatives/", network.COOPERATIVES, name="cooperatives"),
    file_path("claims/", network.CLAIMS, name="claims"),
    file_path("doubles/", network.DOUBLES, name="doubles"),
    file_path("imports/", network.IMPORTS, name="imports"),
    file_path("directory/", network.DIRECTORY, name="directory"),
    file_path("members/", members.REGISTER, name="register"),
    file_path("year/<int:year>/refund/", members.REFUND, name="refund"),
    file_path("purchases/", purchases.PURCHASES, name="purchases"),
    file_path("movements/", movements.MOVEMENTS, name="movements"),
]

later_patterns = [
    path("files/<uuid:job_id>/", views.waiting, name="later"),
    path("files/<uuid:job_id>/file/", views.file, name="later_file"),
]
"""Pages of a file that a worker makes."""

urlpatterns += later_patterns
