"""Addresses of what a seller promises."""

from django.urls import path

from reciproca.valueback import views

app_name = "valueback"

urlpatterns = [
    path("rates/", views.rates, name="rates"),
    path("rates/limit/", views.limit, name="limit"),
]
