"""Every fact and its transfers tell the same: purchases, gifts, expiries, refunds, settlements."""

from typing import Any

from django.utils.translation import gettext as _

from reciproca.control_room.verification.base import Count, Faults, in_words, number, rows, stream
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
    "netted",
    "to_pay",
    "settled",
)

# What a purchase says of credit spent, own part and value called back, against what moved.
PURCHASES = """
WITH moved AS (
  SELECT reference AS id,
    coalesce(sum(amount) FILTER (WHERE code = 'spend'), 0)
      - coalesce(sum(amount) FILTER (WHERE code = 'refund-spend'), 0) AS credit,
    coalesce(sum(amount) FILTER (WHERE code IN ('value-back', 'recovery')), 0)
      - coalesce(sum(amount) FILTER (
          WHERE code IN ('refund-value', 'refund-recovery', 'refund-expired')), 0) AS own,
    coalesce(sum(amount) FILTER (WHERE code = 'refund-expired'), 0) AS expired
  FROM ledger_transfer WHERE code = ANY(%(codes)s) GROUP BY reference
)
SELECT coalesce(p.id, m.id), p.key, p.credit_cents, coalesce(m.credit, 0),
  CASE WHEN p.policy_id = ANY(%(pooled)s) THEN 0 ELSE p.member_cents END, coalesce(m.own, 0)
FROM purchases_purchase p FULL JOIN moved m ON m.id = p.id
WHERE p.id IS NULL OR p.credit_cents <> coalesce(m.credit, 0)
  OR CASE WHEN p.policy_id = ANY(%(pooled)s) THEN 0 ELSE p.member_cents END <> coalesce(m.own, 0)
  OR p.expired_cents <> coalesce(m.expired, 0)
ORDER BY 1
"""

# The other branches of each purchase, fund by fund. A fund that sells owes itself nothing.
BRANCHES = """
WITH lands AS (
  SELECT * FROM unnest(%(policies)s::varchar[], %(branches)s::varchar[], %(funds)s::uuid[])
    AS f (policy, branch, fund)
), expected AS (
  SELECT p.id, p.seller_id AS seller, f.fund, sum(CASE f.branch
    WHEN 'member' THEN p.member_cents WHEN 'common' THEN p.common_cents
    WHEN 'territory' THEN p.territory_cents ELSE p.solidarity_cents END) AS cents
  FROM purchases_purchase p JOIN lands f ON f.policy = p.policy_id AND f.fund <> p.seller_id
  GROUP BY p.id, p.seller_id, f.fund
), moved AS (
  SELECT t.reference AS id,
    CASE t.code WHEN 'branch' THEN d.owner ELSE c.owner END AS seller,
    CASE t.code WHEN 'branch' THEN c.owner ELSE d.owner END AS fund,
    sum(CASE t.code WHEN 'branch' THEN t.amount ELSE -t.amount END) AS cents
  FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_account_id
    JOIN ledger_account c ON c.id = t.credit_account_id
  WHERE t.code IN ('branch', 'refund-branch') GROUP BY 1, 2, 3
)
SELECT id, fund, coalesce(e.cents, 0), coalesce(m.cents, 0)
FROM expected e FULL JOIN moved m USING (id, seller, fund)
WHERE coalesce(e.cents, 0) <> coalesce(m.cents, 0) ORDER BY id, fund
"""

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

# Credit moves to and from the very buyer and seller, or giver, that the fact names.
PARTIES = """
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
  ELSE true END
UNION ALL
SELECT t.id, t.code FROM ledger_transfer t
JOIN ledger_account d ON d.id = t.debit_account_id
JOIN ledger_account c ON c.id = t.credit_account_id
JOIN valueback_gift g ON g.id = t.reference
WHERE t.code = 'gift' AND NOT (d.owner = g.giver_id AND c.purpose = 'issued' AND c.owner = d.party)
ORDER BY 1
"""

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
  UNION ALL SELECT c.id, CASE WHEN c.amount_cents > 0 THEN 'share-capital' ELSE 'share-repaid' END,
      CASE WHEN c.amount_cents > 0 THEN m.cooperative_id ELSE m.member_id END,
      CASE WHEN c.amount_cents > 0 THEN m.member_id ELSE m.cooperative_id END, abs(c.amount_cents)
    FROM registry_capitalmovement c JOIN registry_membership m ON m.id = c.membership_id
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
    yield from _purchases()
    count(1, 6)
    yield from _branches()
    count(2, 6)
    for fact, ended, owed in stream(OWED):
        yield _(
            "Per il fatto %(fact)s è finito credito altrui per %(ended)s, ma chi l’aveva emesso"
            " risulta dovere %(owed)s."
        ) % {"fact": fact, "ended": in_words(ended), "owed": in_words(owed)}
    count(3, 6)
    for transfer, code in stream(PARTIES):
        yield _("Il movimento %(transfer)s (%(code)s) non è fra le parti del suo fatto.") % {
            "transfer": transfer,
            "code": code,
        }
    count(4, 6)
    for gift, said, moved in stream(GIFTS, {"codes": list(OF_GIFTS)}):
        yield _differs(_("Il dono %(fact)s"), gift, said, moved)
    count(5, 6)
    for fact, code, said, moved in stream(ONE_MOVE, {"codes": list(OF_ONE_MOVE)}):
        yield _differs(_("Il fatto %(fact)s") + f" ({code})", fact, said, moved)
    count(6, 6)
    [(purchases,)] = rows("SELECT count(*) FROM purchases_purchase")
    return _("%(purchases)s acquisti e tutti gli altri fatti") % {"purchases": number(purchases)}


def _purchases() -> Faults:
    pooled = [each.digest for each in adopted_policies().adopted if each.policy.pooled]
    found = stream(PURCHASES, {"codes": list(OF_PURCHASES), "pooled": pooled})
    for purchase, key, credit, moved_credit, own, moved_own in found:
        if key is None:
            yield _("Ci sono movimenti di un acquisto che non c’è: %(id)s.") % {"id": purchase}
            continue
        yield _(
            "L’acquisto %(key)s (%(id)s) dice %(credit)s di crediti spesi e %(own)s al socio; i"
            " suoi movimenti %(moved_credit)s e %(moved_own)s."
        ) % {
            "key": key,
            "id": purchase,
            "credit": in_words(credit),
            "own": in_words(own),
            "moved_credit": in_words(moved_credit),
            "moved_own": in_words(moved_own),
        }
    return ""


def _branches() -> Faults:
    for purchase, fund, said, moved in stream(BRANCHES, funds_of_policies()):
        yield _(
            "L’acquisto %(purchase)s deve %(said)s al fondo %(fund)s; i movimenti dicono %(moved)s."
        ) % {
            "purchase": purchase,
            "fund": fund,
            "said": in_words(said),
            "moved": in_words(moved),
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
