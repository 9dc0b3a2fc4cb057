"""Addresses of a cooperative's year."""

from django.urls import path

from reciproca.refunds.views import result, steps

app_name = "refunds"

urlpatterns = [
    path("year/", steps.latest, name="year"),
    path("year/<int:year>/", steps.year_of, name="year_of"),
    path("year/<int:year>/accounts/", steps.accounts_step, name="accounts"),
    path("year/<int:year>/resolution/", steps.resolution_step, name="resolution"),
    path("year/<int:year>/resolution/minutes.pdf", steps.minutes, name="minutes"),
    path("year/<int:year>/claims/", steps.claims_step, name="claims"),
    path("year/<int:year>/claims/sheet.csv", steps.claims_sheet, name="claims_sheet"),
    path("year/<int:year>/check/", steps.check, name="check"),
    path("year/<int:year>/refund/", result.refund, name="refund"),
    path("year/<int:year>/refund/cash.xml", result.cash_file, name="cash_file"),
    path("year/<int:year>/refund/cash/", result.cash_payments, name="cash_payments"),
]
