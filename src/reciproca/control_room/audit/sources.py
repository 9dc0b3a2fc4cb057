"""Where it is noted who did what: one query for each kind of act, and its title."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reciproca.registry.models import AssistedKind, MembershipState

TITLES: dict[str, str | Promise] = {
    "mandate-granted": _("Incarico dato"),
    "mandate-ended": _("Incarico tolto"),
    "claim-decided": _("Richiesta di una scheda decisa"),
    "organisation-opened": _("Organizzazione entrata"),
    "entry-changed": _("Scheda cambiata"),
    "entries-merged": _("Schede unite"),
    "merge-undone": _("Unione annullata"),
    "people-merged": _("Persona con due schede: unite"),
    "people-parted": _("Persona con due schede: unione annullata"),
    "person-erased": _("Dati di una persona cancellati"),
    "policy-adopted": _("Politica adottata"),
    "year-closed": _("Anno chiuso"),
    "file-imported": _("File importato"),
    "import-undone": _("Importazione annullata"),
    "key-created": _("Chiave creata"),
    "key-revoked": _("Chiave revocata"),
    "card-blocked": _("Carta bloccata o sostituita"),
    "netting-run": _("Debiti compensati"),
    "set-off-proposed": _("Debiti in cerchio: proposta"),
    "set-off-answered": _("Debiti in cerchio: risposta"),
    "set-off-closed": _("Debiti in cerchio: proposta conclusa o ritirata"),
    "payment-settled": _("Pagamento confermato"),
    "call-opened": _("Bando aperto"),
    "project-assessed": _("Progetto esaminato"),
    "receipt-decided": _("Spesa di un progetto decisa"),
    "alert-resolved": _("Avviso risolto"),
    "alert-assigned": _("Avviso affidato"),
    "alert-reopened": _("Avviso riaperto"),
    "entries-told-apart": _("Schede tenute distinte"),
    "resolution-recorded": _("Delibera registrata"),
    "accounts-entered": _("Conti dell’esercizio scritti"),
    "refund-divided": _("Ristorno diviso"),
    "refund-paid": _("Ristorni in denaro pagati"),
    "redistribution-opened": _("Riparto aperto"),
    "redistribution-approved": _("Riparto approvato"),
    "redistribution-withdrawn": _("Riparto ritirato"),
    "objection-answered": _("Risposto a un’obiezione"),
    "rate-committed": _("Percentuale di ritorno cambiata"),
    "limit-set": _("Limite di spesa dei crediti cambiato"),
    "membership-step": _("Passo nel libro soci"),
    "capital-moved": _("Quote versate o rese"),
    "assisted": _("Fatto allo sportello"),
    "desk-checked": _("Atto dello sportello visto da un’altra persona"),
    "desk-disputed": _("Atto dello sportello mai chiesto"),
    "till-opened": _("Cassa aperta"),
    "till-ended": _("Cassa tolta"),
    "device-paired": _("Dispositivo collegato a una cassa"),
    "device-revoked": _("Dispositivo scollegato"),
    "day-closed": _("Giornata di cassa chiusa"),
    "held-sale-settled": _("Vendita in attesa decisa"),
    "job-started": _("Lavoro lungo avviato"),
}
WORDS: Mapping[str, Mapping[str, str | Promise]] = {
    "membership-step": dict(MembershipState.choices),
    "assisted": dict(AssistedKind.choices),
    "desk-checked": {"true": _("confermato"), "false": _("tolto")},
    "desk-disputed": dict(AssistedKind.choices),
}
"""The words for what a source tells by a code."""

# Each gives: kind, when, who (a login, or a person), about which organisation, a word, a count.
SOURCES: Mapping[str, str] = {
    "mandate-granted": "SELECT 'mandate-granted', m.granted_at, m.granted_by, m.organisation_id,"
    " p.name, NULL::bigint FROM registry_mandate m JOIN registry_node p ON p.id = m.person_id",
    "mandate-ended": "SELECT 'mandate-ended', m.ended_at, m.ended_by, m.organisation_id, p.name,"
    " NULL FROM registry_mandate m JOIN registry_node p ON p.id = m.person_id"
    " WHERE m.ended_at IS NOT NULL",
    "claim-decided": "SELECT 'claim-decided', c.decided_at, c.decided_by, c.organisation_id,"
    " p.name, NULL FROM registry_claim c JOIN registry_node p ON p.id = c.person_id"
    " WHERE c.decided_at IS NOT NULL",
    # Those that a person let in one by one; a whole file is one line of its own.
    "organisation-opened": "SELECT 'organisation-opened', n.opened_at, n.opened_by, n.id, '', NULL"
    " FROM registry_node n WHERE n.kind <> 'person' AND n.opened_by IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM registry_externalid x WHERE x.node_id = n.id"
    " AND starts_with(x.source, 'import:'))",
    "entry-changed": "SELECT 'entry-changed', c.changed_at, c.changed_by, c.node_id, '', count(*)"
    " FROM registry_nodechange c JOIN registry_node n ON n.id = c.node_id"
    " WHERE n.kind <> 'person' GROUP BY c.changed_at, c.changed_by, c.node_id",
    "entries-merged": "SELECT 'entries-merged', m.merged_at, m.merged_by, m.heir_id, n.name, NULL"
    " FROM registry_merge m JOIN registry_node n ON n.id = m.merged_id"
    " WHERE n.kind <> 'person'",
    "merge-undone": "SELECT 'merge-undone', m.undone_at, m.undone_by, m.heir_id, n.name, NULL"
    " FROM registry_merge m JOIN registry_node n ON n.id = m.merged_id"
    " WHERE m.undone_at IS NOT NULL AND n.kind <> 'person'",
    # Of whom is told to nobody.
    "people-merged": "SELECT 'people-merged', m.merged_at, m.merged_by, NULL, '', NULL"
    " FROM registry_merge m JOIN registry_node n ON n.id = m.merged_id WHERE n.kind = 'person'",
    "people-parted": "SELECT 'people-parted', m.undone_at, m.undone_by, NULL, '', NULL"
    " FROM registry_merge m JOIN registry_node n ON n.id = m.merged_id"
    " WHERE n.kind = 'person' AND m.undone_at IS NOT NULL",
    # On paper: who did it is told, never of whom. What people do with their own data is theirs.
    "person-erased": "SELECT 'person-erased', e.erased_at, e.erased_by, NULL, e.paper, NULL"
    " FROM shared_erasedperson e JOIN registry_node n ON n.id = e.person"
    " WHERE n.merged_into_id IS NULL AND e.paper <> ''",
    "policy-adopted": "SELECT 'policy-adopted', a.recorded_at, a.recorded_by, r.body_id, p.title,"
    " NULL FROM governance_adoption a JOIN governance_policy p ON p.digest = a.policy_id"
    " JOIN governance_resolution r ON r.id = a.resolution_id",
    "year-closed": "SELECT 'year-closed', finished_at, started_by, NULL, year::text, NULL"
    " FROM control_room_yearclose WHERE finished_at IS NOT NULL",
    "file-imported": "SELECT 'file-imported', coalesce(finished_at, started_at), started_by,"
    " organisation_id, '', accepted_count FROM imports_import WHERE state IN ('done', 'undone')",
    "import-undone": "SELECT 'import-undone', undone_at, undone_by, organisation_id, '',"
    " accepted_count FROM imports_import WHERE undone_at IS NOT NULL",
    "key-created": "SELECT 'key-created', created_at, created_by, organisation_id, name, NULL"
    " FROM registry_apikey",
    "key-revoked": "SELECT 'key-revoked', revoked_at, revoked_by, organisation_id, name, NULL"
    " FROM registry_apikey WHERE revoked_at IS NOT NULL",
    # Only what somebody did for another: what people do with their own card is theirs.
    "card-blocked": "SELECT 'card-blocked', c.blocked_at, c.blocked_by, NULL, '', NULL"
    " FROM registry_card c JOIN registry_user u ON u.id = c.blocked_by"
    " WHERE c.blocked_at IS NOT NULL AND u.person_id IS DISTINCT FROM c.person_id",
    "netting-run": "SELECT 'netting-run', recorded_at, recorded_by, NULL, label, NULL"
    " FROM clearing_clearingrun WHERE kind = 'netting'",
    "set-off-proposed": "SELECT 'set-off-proposed', recorded_at, proposed_by, NULL, label, NULL"
    " FROM clearing_setoffproposal",
    "set-off-answered": "SELECT 'set-off-answered', a.recorded_at, a.answered_by, p.node_id,"
    " o.label, NULL FROM clearing_setoffanswer a JOIN clearing_setoffparty p ON p.id = a.party_id"
    " JOIN clearing_setoffproposal o ON o.id = p.proposal_id",
    "set-off-closed": "SELECT 'set-off-closed', c.recorded_at, c.closed_by, NULL, o.label, NULL"
    " FROM clearing_setoffclosing c JOIN clearing_setoffproposal o ON o.id = c.proposal_id",
    "call-opened": "SELECT 'call-opened', recorded_at, opened_by, fund_id, title, NULL"
    " FROM projects_call",
    "project-assessed": "SELECT 'project-assessed', a.recorded_at, a.assessed_by, p.proposer_id,"
    " p.title, NULL FROM projects_assessment a JOIN projects_project p ON p.id = a.project_id",
    "receipt-decided": "SELECT 'receipt-decided', t.recorded_at, t.decided_by, p.proposer_id,"
    " p.title, NULL FROM projects_tranche t JOIN projects_receipt r ON r.id = t.receipt_id"
    " JOIN projects_project p ON p.id = r.award_id",
    "payment-settled": "SELECT 'payment-settled', s.recorded_at, s.confirmed_by, p.debtor_id, '',"
    " count(*) FROM clearing_settlement s JOIN clearing_payment p ON p.id = s.payment_id"
    " GROUP BY s.recorded_at, s.confirmed_by, p.debtor_id",
    "alert-resolved": "SELECT 'alert-resolved', e.recorded_at, e.recorded_by, a.about_id, e.note,"
    " NULL FROM control_room_alertevent e JOIN control_room_alert a ON a.id = e.alert_id"
    " WHERE e.step = 'resolved'",
    "alert-assigned": "SELECT 'alert-assigned', e.recorded_at, e.recorded_by, a.about_id, '', NULL"
    " FROM control_room_alertevent e JOIN control_room_alert a ON a.id = e.alert_id"
    " WHERE e.step = 'assigned'",
    "alert-reopened": "SELECT 'alert-reopened', e.recorded_at, e.recorded_by, a.about_id, '', NULL"
    " FROM control_room_alertevent e JOIN control_room_alert a ON a.id = e.alert_id"
    " WHERE e.step = 'reopened'",
    "entries-told-apart": "SELECT 'entries-told-apart', t.noted_at, t.noted_by, t.one_id, n.name,"
    " NULL FROM registry_notthesame t JOIN registry_node n ON n.id = t.other_id"
    " WHERE n.kind <> 'person'",
    "resolution-recorded": "SELECT 'resolution-recorded', recorded_at, recorded_by, body_id, title,"
    " NULL FROM governance_resolution",
    "accounts-entered": "SELECT 'accounts-entered', entered_at, entered_by, cooperative_id,"
    " year::text, NULL FROM refunds_annualaccounts",
    "refund-divided": "SELECT 'refund-divided', r.recorded_at, r.recorded_by, a.cooperative_id,"
    " a.year::text, r.member_count FROM refunds_refundrun r"
    " JOIN refunds_annualaccounts a ON a.id = r.accounts_id",
    "refund-paid": "SELECT 'refund-paid', p.recorded_at, p.confirmed_by, a.cooperative_id,"
    " a.year::text, count(*) FROM refunds_cashpayment p JOIN refunds_refundline l"
    " ON l.id = p.line_id JOIN refunds_refundrun r ON r.id = l.run_id"
    " JOIN refunds_annualaccounts a ON a.id = r.accounts_id"
    " GROUP BY p.recorded_at, p.confirmed_by, a.cooperative_id, a.year",
    "redistribution-opened": "SELECT 'redistribution-opened', opened_at, opened_by, pool_id,"
    " ends_on::text, NULL FROM redistribution_run",
    "redistribution-approved": "SELECT 'redistribution-approved', approved_at, approved_by,"
    " pool_id, ends_on::text, member_count FROM redistribution_run WHERE approved_at IS NOT NULL",
    "redistribution-withdrawn": "SELECT 'redistribution-withdrawn', withdrawn_at, withdrawn_by,"
    " pool_id, ends_on::text, NULL FROM redistribution_run WHERE withdrawn_at IS NOT NULL",
    # Whose it was is told to nobody.
    "objection-answered": "SELECT 'objection-answered', o.answered_at, o.answered_by, r.pool_id,"
    " r.ends_on::text, NULL FROM redistribution_objection o"
    " JOIN redistribution_run r ON r.id = o.run_id WHERE o.answered_at IS NOT NULL",
    "rate-committed": "SELECT 'rate-committed', recorded_at, recorded_by, seller_id, category,"
    " NULL FROM valueback_committedrate WHERE recorded_by IS NOT NULL",
    "limit-set": "SELECT 'limit-set', recorded_at, recorded_by, seller_id, '', NULL"
    " FROM valueback_acceptancelimit WHERE recorded_by IS NOT NULL",
    # Never of whom; what people ask for themselves is theirs.
    "membership-step": "SELECT 'membership-step', e.recorded_at, e.recorded_by, m.cooperative_id,"
    " e.state, count(*) FROM registry_membershipevent e"
    " JOIN registry_membership m ON m.id = e.membership_id"
    " JOIN registry_user u ON u.id = e.recorded_by AND u.person_id IS DISTINCT FROM m.member_id"
    " GROUP BY e.recorded_at, e.recorded_by, m.cooperative_id, e.state",
    "capital-moved": "SELECT 'capital-moved', c.recorded_at, c.recorded_by, m.cooperative_id, '',"
    " count(*) FROM registry_capitalmovement c JOIN registry_membership m"
    " ON m.id = c.membership_id WHERE c.recorded_by IS NOT NULL"
    " GROUP BY c.recorded_at, c.recorded_by, m.cooperative_id",
    "assisted": "SELECT 'assisted', at, operator_id, organisation_id, what, NULL"
    " FROM registry_assistedact",
    "desk-checked": "SELECT 'desk-checked', decided_at, decided_by_id, organisation_id,"
    " confirmed::text, NULL FROM registry_deskcheck WHERE decided_at IS NOT NULL",
    # Who disputes is a member: nobody is named, but the desk.
    "desk-disputed": "SELECT 'desk-disputed', d.at, NULL, a.organisation_id, a.what, NULL"
    " FROM registry_deskdispute d JOIN registry_assistedact a ON a.id = d.act_id",
    "till-opened": "SELECT 'till-opened', opened_at, opened_by, organisation_id, name, NULL"
    " FROM tills_till",
    "till-ended": "SELECT 'till-ended', closed_at, closed_by, organisation_id, name, NULL"
    " FROM tills_till WHERE closed_at IS NOT NULL",
    "device-paired": "SELECT 'device-paired', d.paired_at, d.paired_by, t.organisation_id, d.name,"
    " NULL FROM tills_device d JOIN tills_till t ON t.id = d.till_id",
    "device-revoked": "SELECT 'device-revoked', d.revoked_at, d.revoked_by, t.organisation_id,"
    " d.name, NULL FROM tills_device d JOIN tills_till t ON t.id = d.till_id"
    " WHERE d.revoked_at IS NOT NULL",
    "day-closed": "SELECT 'day-closed', c.closed_at, coalesce(c.operator_id, c.closed_by),"
    " t.organisation_id, t.name, c.sale_count FROM tills_closing c"
    " JOIN tills_till t ON t.id = c.till_id",
    "held-sale-settled": "SELECT 'held-sale-settled', s.settled_at, s.settled_by,"
    " h.organisation_id, '', count(*) FROM tills_settlement s"
    " JOIN tills_heldsale h ON h.id = s.held_sale_id"
    " GROUP BY s.settled_at, s.settled_by, h.organisation_id",
    "job-started": "SELECT 'job-started', created_at, started_by, NULL, title, NULL"
    " FROM shared_job WHERE started_by IS NOT NULL",
}
