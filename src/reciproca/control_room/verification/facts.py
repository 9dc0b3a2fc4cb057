"""Every fact and its transfers tell the same: purchases, gifts, expiries, refunds, settlements."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproca.control_room.verification.base import (
    Count,
    Faults,
    in_words,
    rows,
    stream,
    with_count,
)
from reciproca.valueback.queries import adopted_policies

# Codes of transfers by the kind of fact they belong to; together they are all of the ledger's.
OF_PURCHASES = (
    "value-back",
    "recovery",
    "branch",
    "spend",
    "spend-owed",
    "refund-spend",
    "refund-spend-owed",
    "refund-branch",
    "refund-value",
    "refund-expired",
    "refund-recovery",
)
OF_GIFTS = ("gift", "gift-owed")
OF_ONE_MOVE = (
    "expiry",
    "expiry-owed",
    "patronage-credit",
    "patronage-cash",
    "patronage-paid",
    "patronage-capital",
    "share-capital",
    "share-repaid",
    "share-passed-on",
    "share-taken-over",
    "tranche",
    "netted",
    "to_pay",
    "settled",
)

OF_REDISTRIBUTIONS = (
    "redistributed",
    "redistributed-recovery",
    "redistributed-common",
    "redistributed-back",
    "redistributed-debt",
    "redistributed-returned",
)
"""What these moved is compared with each run's lines, in `redistributions`."""

STEPS = 5

LANDS = """
WITH lands AS (
  SELECT * FROM unnest(%(policies)s::varchar[], %(branches)s::varchar[], %(funds)s::uuid[])
    AS f (policy, branch, fund)
)"""
OF_BRANCH = """CASE f.branch WHEN 'member' THEN p.member_cents WHEN 'common' THEN p.common_cents
    WHEN 'territory' THEN p.territory_cents ELSE p.solidarity_cents END"""

# What a purchase says of credit spent, own part, funds and value called back, against what moved.
# A fund that sells owes itself nothing.
PURCHASES = f"""{LANDS}, moved AS (
  SELECT reference AS id,
    coalesce(sum(amount) FILTER (WHERE code = 'spend'), 0)
      - coalesce(sum(amount) FILTER (WHERE code = 'refund-spend'), 0) AS credit,
    coalesce(sum(amount) FILTER (WHERE code IN ('value-back', 'recovery')), 0)
      - coalesce(sum(amount) FILTER (
          WHERE code IN ('refund-value', 'refund-recovery', 'refund-expired')), 0) AS own,
    coalesce(sum(amount) FILTER (WHERE code = 'branch'), 0)
      - coalesce(sum(amount) FILTER (WHERE code = 'refund-branch'), 0) AS funds,
    coalesce(sum(amount) FILTER (WHERE code = 'refund-expired'), 0) AS expired
  FROM ledger_transfer WHERE code = ANY(%(codes)s) GROUP BY reference
), said AS (
  SELECT p.id, p.key, p.credit_cents AS credit, p.expired_cents AS expired,
    CASE WHEN p.policy_id = ANY(%(pooled)s) THEN 0 ELSE p.member_cents END AS own,
    p.value_cents - CASE WHEN p.policy_id = ANY(%(pooled)s) THEN 0 ELSE p.member_cents END
      - coalesce((SELECT sum({OF_BRANCH}) FROM lands f
                  WHERE f.policy = p.policy_id AND f.fund = p.seller_id), 0) AS funds
  FROM purchases_purchase p
)
SELECT coalesce(s.id, m.id), s.key, s.credit, coalesce(m.credit, 0), s.own, coalesce(m.own, 0),
  s.funds, coalesce(m.funds, 0)
FROM said s FULL JOIN moved m ON m.id = s.id
WHERE s.id IS NULL OR (s.credit, s.own, s.funds, s.expired) IS DISTINCT FROM
  (coalesce(m.credit, 0), coalesce(m.own, 0), coalesce(m.funds, 0), coalesce(m.expired, 0))
ORDER BY 1
"""  # noqa: S608 - our own words

# Credit of another's issue that a seller or a project took: its issuer owes exactly as much.
OWED = """
WITH ended AS (
  SELECT t.reference AS id, coalesce(p.seller_id, g.project_id) AS acceptor,
    CASE WHEN t.code = 'refund-spend' THEN d.owner ELSE c.owner END AS issuer,
    sum(CASE WHEN t.code = 'refund-spend' THEN -t.amount ELSE t.amount END) AS cents
  FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_account_id
    JOIN ledger_account c ON c.id = t.credit_account_id
    LEFT JOIN purchases_purchase p ON p.id = t.reference
    LEFT JOIN valueback_gift g ON g.id = t.reference
  WHERE t.code IN ('spend', 'refund-spend', 'gift') GROUP BY 1, 2, 3
), owed AS (
  SELECT t.reference AS id,
    CASE WHEN t.code = 'refund-spend-owed' THEN d.owner ELSE c.owner END AS acceptor,
    CASE WHEN t.code = 'refund-spend-owed' THEN c.owner ELSE d.owner END AS issuer,
    sum(CASE WHEN t.code = 'refund-spend-owed' THEN -t.amount ELSE t.amount END) AS cents
  FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_account_id
    JOIN ledger_account c ON c.id = t.credit_account_id
  WHERE t.code IN ('spend-owed', 'refund-spend-owed', 'gift-owed') GROUP BY 1, 2, 3
)
SELECT id, coalesce(e.cents, 0), coalesce(o.cents, 0)
FROM (SELECT * FROM ended WHERE issuer IS DISTINCT FROM acceptor) e
FULL JOIN owed o USING (id, acceptor, issuer)
WHERE coalesce(e.cents, 0) <> coalesce(o.cents, 0) ORDER BY id
"""

# Value moves between the very buyer, seller, giver and funds that the fact names; what a fund gets
# is one of the purchase's branches.
PARTIES = f"""{LANDS}
SELECT t.id, t.code FROM ledger_transfer t
JOIN ledger_account d ON d.id = t.debit_account_id
JOIN ledger_account c ON c.id = t.credit_account_id
JOIN purchases_purchase p ON p.id = t.reference
WHERE NOT CASE
  WHEN t.code IN ('value-back', 'recovery')
    THEN d.purpose = 'issued' AND d.owner = p.seller_id
     AND c.owner = p.buyer_id AND c.party = p.seller_id
  WHEN t.code IN ('refund-value', 'refund-recovery')
    THEN d.owner = p.buyer_id AND d.party = p.seller_id
     AND c.purpose = 'issued' AND c.owner = p.seller_id
  WHEN t.code = 'spend' THEN d.owner = p.buyer_id AND c.purpose = 'issued' AND c.owner = d.party
  WHEN t.code = 'refund-spend'
    THEN c.owner = p.buyer_id AND d.purpose = 'issued' AND d.owner = c.party
  WHEN t.code = 'refund-expired' THEN c.purpose = 'clearing' AND c.owner = p.seller_id
  WHEN t.code = 'branch' THEN d.owner = p.seller_id AND EXISTS (SELECT 1 FROM lands f
    WHERE f.policy = p.policy_id AND f.fund = c.owner AND {OF_BRANCH} = t.amount)
  WHEN t.code = 'refund-branch' THEN c.owner = p.seller_id AND EXISTS (SELECT 1 FROM lands f
    WHERE f.policy = p.policy_id AND f.fund = d.owner AND {OF_BRANCH} = -t.amount)
  ELSE true END
UNION ALL
SELECT t.id, t.code FROM ledger_transfer t
JOIN ledger_account d ON d.id = t.debit_account_id
JOIN ledger_account c ON c.id = t.credit_account_id
JOIN valueback_gift g ON g.id = t.reference
WHERE t.code = 'gift' AND NOT (d.owner = g.giver_id AND c.purpose = 'issued' AND c.owner = d.party)
ORDER BY 1
"""  # noqa: S608 - our own words

GIFTS = """
WITH moved AS (
  SELECT reference AS id, sum(amount) FILTER (WHERE code = 'gift') AS cents
  FROM ledger_transfer WHERE code = ANY(%(codes)s) GROUP BY reference
)
SELECT coalesce(g.id, m.id), coalesce(g.amount_cents, 0), coalesce(m.cents, 0)
FROM valueback_gift g FULL JOIN moved m ON m.id = g.id
WHERE g.amount_cents IS DISTINCT FROM m.cents ORDER BY 1
"""

# Facts of one transfer a code: what each must have moved, from whom to whom.
ONE_MOVE = """
WITH expected AS (
  SELECT id, 'expiry' AS code, member_id AS debit, issuer_id AS credit, amount_cents AS cents
    FROM valueback_expiredlot
  UNION ALL SELECT id, 'expiry-owed', issuer_id, fund_id, amount_cents
    FROM valueback_expiredlot WHERE issuer_id <> fund_id
  UNION ALL SELECT l.id, v.code, a.cooperative_id, l.member_id, v.cents
    FROM refunds_refundline l JOIN refunds_refundrun r ON r.id = l.run_id
    JOIN refunds_annualaccounts a ON a.id = r.accounts_id
    CROSS JOIN LATERAL (VALUES ('patronage-credit', l.credit_cents),
      ('patronage-cash', l.cash_cents), ('patronage-capital', l.capital_cents)) AS v (code, cents)
    WHERE v.cents <> 0
  UNION ALL SELECT p.id, 'patronage-paid', l.member_id, a.cooperative_id, l.cash_cents
    FROM refunds_cashpayment p JOIN refunds_refundline l ON l.id = p.line_id
    JOIN refunds_refundrun r ON r.id = l.run_id
    JOIN refunds_annualaccounts a ON a.id = r.accounts_id
  UNION ALL SELECT c.id, CASE WHEN c.transfer_id IS NULL
        THEN CASE WHEN c.amount_cents > 0 THEN 'share-capital' ELSE 'share-repaid' END
        ELSE CASE WHEN c.amount_cents > 0 THEN 'share-taken-over' ELSE 'share-passed-on' END END,
      CASE WHEN c.amount_cents > 0 THEN m.cooperative_id ELSE m.member_id END,
      CASE WHEN c.amount_cents > 0 THEN m.member_id ELSE m.cooperative_id END, abs(c.amount_cents)
    FROM registry_capitalmovement c JOIN registry_membership m ON m.id = c.membership_id
  UNION ALL SELECT t.id, 'tranche', k.fund_id, a.node_id, t.amount_cents FROM projects_tranche t
    JOIN projects_receipt r ON r.id = t.receipt_id
    JOIN projects_award a ON a.project_id = r.award_id
    JOIN projects_project p ON p.id = a.project_id JOIN projects_call k ON k.id = p.call_id
    WHERE t.amount_cents > 0
  UNION ALL SELECT id, 'netted', creditor_id, debtor_id, amount_cents FROM clearing_obligation
  UNION ALL SELECT id, 'to_pay', debtor_id, creditor_id, amount_cents FROM clearing_payment
  UNION ALL SELECT s.id, 'settled', p.creditor_id, p.debtor_id, p.amount_cents
    FROM clearing_settlement s JOIN clearing_payment p ON p.id = s.payment_id
), moved AS (
  SELECT t.reference AS id, t.code, d.owner AS debit, c.owner AS credit, sum(t.amount) AS cents
  FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_account_id
    JOIN ledger_account c ON c.id = t.credit_account_id
  WHERE t.code = ANY(%(codes)s) GROUP BY 1, 2, 3, 4
)
SELECT id, code, coalesce(e.cents, 0), coalesce(m.cents, 0)
FROM expected e FULL JOIN moved m USING (id, code, debit, credit)
WHERE e.cents IS DISTINCT FROM m.cents ORDER BY id, code
"""


def facts_equal_transfers(count: Count) -> Faults:
    """What each fact says is what moved, to the cent and between the right accounts."""
    funds = funds_of_policies()
    yield from _purchases(funds)
    count(1, STEPS)
    for fact, ended, owed in stream(OWED):
        yield _(
            "Per il fatto %(fact)s è finito credito altrui per %(ended)s, ma chi l’aveva emesso"
            " risulta dovere %(owed)s."
        ) % {"fact": fact, "ended": in_words(ended), "owed": in_words(owed)}
    count(2, STEPS)
    for transfer, code in stream(PARTIES, funds):
        yield _("Il movimento %(transfer)s (%(code)s) non è fra le parti del suo fatto.") % {
            "transfer": transfer,
            "code": code,
        }
    count(3, STEPS)
    for gift, said, moved in stream(GIFTS, {"codes": list(OF_GIFTS)}):
        yield _differs(_("Il dono %(fact)s"), gift, said, moved)
    count(4, STEPS)
    for fact, code, said, moved in stream(ONE_MOVE, {"codes": list(OF_ONE_MOVE)}):
        yield _differs(_("Il fatto %(fact)s") + f" ({code})", fact, said, moved)
    count(5, STEPS)
    [(purchases,)] = rows("SELECT count(*) FROM purchases_purchase")
    return with_count(
        ngettext(
            "%(n)s acquisto e tutti gli altri fatti",
            "%(n)s acquisti e tutti gli altri fatti",
            purchases,
        ),
        purchases,
    )


def _purchases(funds: dict[str, Any]) -> Faults:
    pooled = [each.digest for each in adopted_policies().adopted if each.policy.pooled]
    params = {**funds, "codes": list(OF_PURCHASES), "pooled": pooled}
    for purchase, key, *figures in stream(PURCHASES, params):
        if key is None:
            yield _("Ci sono movimenti di un acquisto che non c’è: %(id)s.") % {"id": purchase}
            continue
        credit, moved_credit, own, moved_own, to_funds, moved_funds = map(in_words, figures)
        yield _(
            "L’acquisto %(key)s (%(id)s) dice %(credit)s di crediti spesi, %(own)s al socio e"
            " %(funds)s ai fondi; i suoi movimenti %(moved_credit)s, %(moved_own)s e"
            " %(moved_funds)s."
        ) % {
            "key": key,
            "id": purchase,
            "credit": credit,
            "own": own,
            "funds": to_funds,
            "moved_credit": moved_credit,
            "moved_own": moved_own,
            "moved_funds": moved_funds,
        }
    return ""


def funds_of_policies() -> dict[str, Any]:
    """Return (policy, branch, fund) as three lists: where the branches of each policy land."""
    lands = [
        (each.digest, branch.key, fund)
        for each in adopted_policies().adopted
        for branch, fund in zip(each.policy.branches, each.policy.fund_ids, strict=True)
        if fund is not None
    ]
    return {
        "policies": [digest for digest, _branch, _fund in lands],
        "branches": [branch for _digest, branch, _fund in lands],
        "funds": [fund for _digest, _branch, fund in lands],
    }


def _differs(what: str, fact: object, said: int, moved: int) -> str:
    return what % {"fact": fact} + _(" dice %(said)s, i suoi movimenti %(moved)s.") % {
        "said": in_words(said),
        "moved": in_words(moved),
    }
