"""The addresses of lists as files, each under its page."""

from reciproca.web.lists import clearing, network, tills
from reciproca.web.lists.table import file_path

app_name = "lists"

urlpatterns = [
    file_path("tills/closings/", tills.CLOSINGS, name="closings"),
    file_path("tills/held/", tills.HELD, name="held"),
    file_path("clearing/", clearing.PAYMENTS, name="payments"),
    file_path("clearing/runs/<uuid:run_id>/obligations/", clearing.OBLIGATIONS, name="obligations"),
    file_path("control/alerts/", network.ALERTS, name="alerts"),
    file_path("control/network/cooperatives/", network.COOPERATIVES, name="cooperatives"),
    file_path("claims/", network.CLAIMS, name="claims"),
    file_path("doubles/", network.DOUBLES, name="doubles"),
    file_path("imports/", network.IMPORTS, name="imports"),
    file_path("directory/", network.DIRECTORY, name="directory"),
]
