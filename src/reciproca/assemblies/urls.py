"""Addresses: under `bodies/` for who runs assemblies, under `assembly/` for who is called."""

from django.urls import include, path

from reciproca.assemblies.views import bodies, day, motions, own, preparing

app_name = "assemblies"

of_body = [
    path("", bodies.body, name="body"),
    path("statute/", bodies.statute, name="statute"),
    path("seats/", bodies.seats, name="seats"),
    path("seats/<uuid:seat_id>/end/", bodies.seat_end, name="seat_end"),
    path("votes/", bodies.plural_votes, name="plural_votes"),
    path("assemblies/new/", preparing.assembly_new, name="assembly_new"),
]

of_assembly = [
    path("", preparing.assembly, name="assembly"),
    path("details/", preparing.details, name="details"),
    path("items/", preparing.items, name="items"),
    path("items/<uuid:item_id>/removal/", preparing.item_removal, name="item_removal"),
    path("items/<uuid:item_id>/attachments/", preparing.attachments, name="attachments"),
    path("items/<uuid:item_id>/motions/", preparing.motion_new, name="motion_new"),
    path("calling/", preparing.calling, name="calling"),
    path("calling/again/", preparing.calling_again, name="calling_again"),
    path("roll/", preparing.roll, name="roll"),
    path("roll/sendings/", preparing.sendings, name="sendings"),
    path("door/", day.door, name="door"),
    path("door/quorum/", day.quorum, name="quorum"),
    path("door/presences/", day.presences, name="presences"),
    path("door/departures/", day.departures, name="departures"),
    path("proxies/", day.proxies, name="proxies"),
    path("proxies/<uuid:proxy_id>/revocation/", day.proxy_revocation, name="proxy_revocation"),
    path("opening/", day.opening, name="opening"),
    path("closing/", day.closing, name="closing"),
    path("turns/", day.turns, name="turns"),
    path("turns/<uuid:turn_id>/start/", day.turn_start, name="turn_start"),
    path("turns/<uuid:turn_id>/end/", day.turn_end, name="turn_end"),
]

of_motion = [
    path("", motions.motion, name="motion"),
    path("removal/", preparing.motion_removal, name="motion_removal"),
    path("amendments/", motions.amendments, name="amendments"),
    path("amendments/<int:number>/acceptance/", motions.acceptance, name="acceptance"),
    path("vote/opening/", motions.vote_opening, name="vote_opening"),
    path("vote/closing/", motions.vote_closing, name="vote_closing"),
]

of_elector = [
    path("proxy/", own.proxy, name="own_proxy"),
    path("proxy/revocation/", own.proxy_revocation, name="own_proxy_revocation"),
    path("presence/", own.presence, name="own_presence"),
    path("turn/", own.turn, name="own_turn"),
]

urlpatterns = [
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/<uuid:body_id>/", include(of_body)),
    path("bodies/assemblies/<uuid:assembly_id>/", include(of_assembly)),
    path("bodies/motions/<uuid:motion_id>/", include(of_motion)),
    path("assembly/", own.assemblies, name="own"),
    path("assembly/<uuid:assembly_id>/", own.assembly, name="own_assembly"),
    path("assembly/<uuid:assembly_id>/assemblea.ics", own.calendar, name="calendar"),
    path("assembly/<uuid:assembly_id>/<uuid:elector_id>/", include(of_elector)),
    path("assembly/documents/<uuid:document_id>/", own.document, name="document"),
    path("assembly/decisions/<uuid:resolution_id>/", own.decision, name="decision"),
]
