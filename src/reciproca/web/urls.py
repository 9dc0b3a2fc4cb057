"""Every address of the house."""

from django.urls import include, path

from reciproca.api.app import api
from reciproca.web.health import healthz
from reciproca.web.views import (
    about,
    desk,
    directory,
    gift,
    home,
    member,
    movements,
    policies,
    profile,
    roles,
    statements,
)

pages = [
    path("", home.home, name="home"),
    path("value/", member.value, name="value"),
    path("movements/", movements.movements, name="movements"),
    path("movements/file.csv", movements.movements_csv, name="movements_csv"),
    path("movements/purchases/<uuid:purchase_id>/", member.purchase, name="purchase"),
    path("movements/gifts/<uuid:gift_id>/", gift.given, name="given"),
    path("movements/expired/<uuid:lot_id>/", member.expired, name="expired"),
    path("gift/", gift.gift, name="gift"),
    path("gift/check/", gift.gift_check, name="gift_check"),
    path("desk/", desk.desk, name="desk"),
    path("desk/statement/", desk.desk_statement, name="desk_statement"),
    path("desk/statement/<uuid:node_id>/", desk.desk_pair, name="desk_pair"),
    path("years/", statements.my_years, name="my_years"),
    path("years/<int:year>/", statements.my_year, name="my_year"),
    path("years/<int:year>.pdf", statements.my_year_pdf, name="my_year_pdf"),
    path("desk/statement/<int:year>.pdf", statements.desk_year_pdf, name="desk_year_pdf"),
    path("directory/", directory.directory, name="directory"),
    path("directory/<uuid:node_id>/", directory.organisation, name="organisation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/details/", profile.details, name="profile_details"),
    path("profile/card/", profile.new_card, name="new_card"),
    path("profile/capital/<uuid:membership_id>/", profile.own_capital, name="own_capital"),
    path("policies/new/", policies.policy_new, name="policy_new"),
    path("roles/", roles.role, name="role"),
    path("about/", about.about, name="about"),
    path("about/accessibility/", about.accessibility, name="accessibility"),
]

urlpatterns = [
    path("", include((pages, "web"))),
    path("", include("reciproca.registry.urls")),
    path("", include("reciproca.notices.urls")),
    path("", include("reciproca.governance.urls")),
    path("", include("reciproca.refunds.urls")),
    path("", include("reciproca.clearing.urls")),
    path("", include("reciproca.control_room.urls")),
    path("", include("reciproca.tills.urls")),
    path("", include("reciproca.purchases.urls")),
    path("", include("reciproca.valueback.urls")),
    path("", include("reciproca.web.importing.urls")),
    path("", include("reciproca.demo.urls")),
    path("language/", roles.language, name="set_language"),
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
]
