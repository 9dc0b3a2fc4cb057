from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JointBuyingConfig(AppConfig):
    name = "reciproca.joint_buying"
    label = "joint_buying"
    verbose_name = _("acquisti insieme")
