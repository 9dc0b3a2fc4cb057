from django.urls import include, path, re_path

from reciproca.transparency import views

app_name = "transparency"

of_log = [
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("checkpoints/<int:size>", views.checkpoint_at, name="checkpoint_at"),
    path("vkey", views.vkey, name="vkey"),
    re_path(
        r"^tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<number>[x0-9/]{3,31})"
        r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?$",
        views.tile,
        name="tile",
    ),
]

urlpatterns = [path("log/<slug:slug>/", include(of_log))]
