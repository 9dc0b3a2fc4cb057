from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "reciproca.governance"
    label = "governance"
