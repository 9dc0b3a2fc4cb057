"""Policies over HTTP: public, because anybody may check what runs."""

from datetime import date

from django.http import HttpRequest
from ninja import Router, Schema

from reciproca.valueback import queries

router = Router(tags=["policies"], auth=None)


class BranchOut(Schema):
    key: str
    name_it: str
    name_en: str
    share: str


class PolicyOut(Schema):
    """
    An adopted policy; `digest` is the SHA-256 of its canonical text, shares are exact fractions.
    """

    digest: str
    in_force_on: date
    title: str
    pooled: bool
    expires_after_years: int
    branches: list[BranchOut]


@router.get("/policies", response=list[PolicyOut], url_name="policies")
def list_policies(request: HttpRequest) -> list[PolicyOut]:
    """List every value-back policy this community adopted, by the day it came into force."""
    return [
        PolicyOut(
            digest=each.digest,
            in_force_on=each.in_force_on,
            title=each.policy.title,
            pooled=each.policy.pooled,
            expires_after_years=each.policy.expires_after_years,
            branches=[
                BranchOut(
                    key=branch.key,
                    name_it=branch.name["it"],
                    name_en=branch.name["en"],
                    share=str(branch.share),
                )
                for branch in each.policy.branches
            ],
        )
        for each in queries.adopted_policies().adopted
    ]
