"""A question is put to the vote: its rule, its options and its roll stand from then on."""

import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reciproca.ballots import locks, published
from reciproca.ballots.forms import BallotIn, Elector
from reciproca.ballots.models import Ballot, Option
from reciproca.ballots.models import Elector as ElectorLine
from reciproca.ballots.queries.voting import FEW
from reciproca.ballots.rules.choices import ABSTAIN, BUDGETS, Method
from reciproca.ballots.rules.majorities import financing_coefficient
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import uuid7
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import canonical, leaf


class BallotIncomplete(DomainError):
    code = "ballot-incomplete"
    message = _("La votazione non si può aprire: %(trouble)s.")
    status = 422


class FinancingTooFew(DomainError):
    code = "financing-too-few"
    message = _(
        "Il voto è segreto, ma i sovventori sono meno di %(few)s e i loro voti contano una parte:"
        " dal risultato si capirebbe come hanno votato. Servono più voti di soci ordinari,"
        " oppure una proposta a voto palese."
    )


class NobodyToAsk(DomainError):
    code = "nobody-to-ask"
    message = _("Nessuno ha diritto di voto: controlla l’elenco degli aventi diritto.")


@transaction.atomic
def open_ballot(*, ballot: BallotIn, opened_by: UUID | None, opened_at: datetime) -> UUID:
    """
    Put a question to the vote and return the ballot's id.

    The roll is frozen as it is handed in. A seed for draws is made here; its digest is in the leaf
    that the opening leaves in the log.

    Raises: BallotIncomplete, NobodyToAsk, FinancingTooFew.
    Source: docs/rules/majorities.md
    """
    _check(ballot)
    made = Ballot.objects.create(
        reference=ballot.reference,
        body_id=ballot.body_id,
        question=ballot.question.strip(),
        text=ballot.text.strip(),
        policy_id=ballot.policy_digest,
        method=ballot.method,
        secret=ballot.secret,
        may_change=ballot.may_change,
        majority_base=ballot.majority.base if ballot.majority else "",
        majority_share=str(ballot.majority.share) if ballot.majority else "",
        majority_strict=ballot.majority.strict if ballot.majority else False,
        quorum_share=str(ballot.quorum.share),
        quorum_strict=ballot.quorum.strict,
        seats=ballot.seats,
        most_choices=ballot.most_choices,
        budget_cents=ballot.budget_cents,
        utility=ballot.utility,
        seed=secrets.token_hex(32),
        opens_at=ballot.opens_at,
        closes_at=ballot.closes_at,
        opened_by=opened_by,
        opened_at=opened_at,
    )
    Option.objects.bulk_create(
        Option(
            ballot=made,
            number=number,
            key=each.key,
            title=each.title.strip(),
            text=each.text.strip(),
            cost_cents=each.cost_cents,
        )
        for number, each in enumerate(ballot.options, start=1)
    )
    ElectorLine.objects.bulk_create(_line(made, each) for each in ballot.electors)
    _record(made, ballot.electors)
    return made.id


@transaction.atomic
def mark_present(*, ballot_id: UUID, members: Collection[UUID]) -> int:
    """
    Mark electors who came, or are represented, before a ballot is closed; return how many.

    From here on nobody casts a vote before the transaction ends: whoever held the ballot and waited
    for a line of the roll would wait for whoever closes, who waits for the ballot.
    """
    locks.for_closing(ballot_id)
    lines = ElectorLine.objects.filter(ballot_id=ballot_id, member_id__in=members, present=False)
    return lines.update(present=True)


def _check(ballot: BallotIn) -> None:
    if not ballot.electors:
        raise NobodyToAsk
    if not ballot.question.strip():
        raise BallotIncomplete(trouble=_("manca la domanda"))
    keys = [each.key for each in ballot.options]
    if len(set(keys)) != len(keys) or ABSTAIN in keys:
        raise BallotIncomplete(trouble=_("due proposte hanno lo stesso nome"))
    if (ballot.method is Method.MOTION) != (not keys):
        raise BallotIncomplete(trouble=_("mancano le proposte fra cui scegliere"))
    if ballot.method in BUDGETS and not (
        ballot.budget_cents and all(each.cost_cents for each in ballot.options)
    ):
        raise BallotIncomplete(
            trouble=_("manca quanto c’è da spendere, o quanto costa un progetto")
        )
    if ballot.secret and ballot.may_change:
        raise BallotIncomplete(trouble=_("un voto segreto non si può cambiare"))
    if ballot.closes_at is not None and ballot.closes_at <= ballot.opens_at:
        raise BallotIncomplete(trouble=_("si chiude prima di aprirsi"))
    if len({each.member_id for each in ballot.electors}) != len(ballot.electors):
        raise BallotIncomplete(trouble=_("qualcuno è due volte fra gli aventi diritto"))
    financing = [each.votes for each in ballot.electors if each.financing]
    ordinary = sum(each.votes for each in ballot.electors) - sum(financing)
    # Capped votes are published apart, so that they can be counted again.
    capped = financing_coefficient(ordinary=ordinary, financing=sum(financing)) < 1
    if ballot.secret and capped and len(financing) < FEW:
        raise FinancingTooFew(few=FEW)


def _line(ballot: Ballot, elector: Elector) -> ElectorLine:
    return ElectorLine(
        id=uuid4(),
        ballot=ballot,
        member_id=elector.member_id,
        caster_id=elector.cast_by or elector.member_id,
        votes=elector.votes,
        financing=elector.financing,
        present=elector.present,
    )


def _record(ballot: Ballot, electors: Sequence[Elector]) -> None:
    """
    Let the opening leave its leaf: the question, how it is counted, and who may answer.

    `roll_sha256` is that of the roll as canonical JSON: for each elector, by id, the member, their
    votes, whoever casts them, and whether they are a financing member.
    """
    roll = sorted(
        [str(each.member_id), each.votes, str(each.cast_by or each.member_id), each.financing]
        for each in electors
    )
    content = published.rule_told(ballot) | {
        "step": "opened",
        "reference": str(ballot.reference),
        "body": str(ballot.body_id),
        "text_sha256": sha256(ballot.text.encode()).hexdigest(),
        "policy": ballot.policy_id,
        "most_choices": ballot.most_choices,
        "may_change": ballot.may_change,
        "opens_at": ballot.opens_at.astimezone(UTC).isoformat(),
        "closes_at": ballot.closes_at and ballot.closes_at.astimezone(UTC).isoformat(),
        "electors": len(electors),
        "entitled": sum(each.votes for each in electors),
        "roll_sha256": sha256(canonical(roll)).hexdigest(),
    }
    transparency.record([leaf(kind="V", id=uuid7(), content=content)])
