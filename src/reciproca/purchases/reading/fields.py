"""The columns of a file of purchases, by the names that tills and shops give them."""

from django.utils.translation import gettext_lazy as _

from reciproca.imports.columns import Field

KEY = Field(
    "key",
    _("numero dello scontrino"),
    (
        *("chiave", "id", "numero", "numero_documento", "documento", "scontrino", "ricevuta"),
        *("numero_scontrino", "id_scontrino", "n_scontrino", "id_vendita", "id_acquisto"),
        *("id_transazione", "transazione", "ordine", "id_ordine", "external_id", "receipt"),
        *("receipt_number", "receipt_id", "transaction_id", "sale_id", "order_id", "purchase_id"),
    ),
)
MEMBER = Field(
    "member",
    _("socio o carta"),
    (
        *("socio", "tessera", "numero_tessera", "n_tessera", "carta", "numero_carta"),
        *("numero_socio", "n_socio", "codice_socio", "id_socio", "codice_fiscale", "cf"),
        *("codice_fiscale_socio", "cliente", "id_cliente", "codice_cliente", "acquirente"),
        *("card", "card_number", "member_id", "customer", "customer_id", "buyer", "buyer_id"),
        *("household_id", "client_id", "user_id"),
    ),
    is_required=True,
)
SELLER = Field(
    "seller",
    _("cooperativa che vende"),
    (
        *("venditore", "cooperativa", "id_cooperativa", "negozio", "punto_vendita", "esercente"),
        *("codice_fiscale_cooperativa", "partita_iva", "p_iva", "piva", "id_negozio"),
        *("seller_id", "cooperative", "cooperative_id", "store", "store_id", "shop", "shop_id"),
        *("merchant", "merchant_id", "vat_number"),
    ),
    is_required=True,
)
HAPPENED = Field(
    "happened",
    _("data"),
    (
        *("data_ora", "data_e_ora", "data", "data_acquisto", "data_vendita", "data_operazione"),
        *("data_scontrino", "data_documento", "giorno", "quando", "happened_at", "datetime"),
        *("timestamp", "transaction_timestamp", "date", "purchase_date", "sale_date", "sold_at"),
        *("transaction_date", "created_at", "order_date"),
    ),
    is_required=True,
    is_date=True,
)
AMOUNT = Field(
    "amount",
    _("importo"),
    (
        *("importo", "importo_totale", "importo_euro", "totale", "totale_euro", "valore", "spesa"),
        *("prezzo_totale", "totale_scontrino", "lordo", "prezzo", "euro", "amount_eur", "total"),
        *("amount_euro", "sales_value", "sales", "total_amount", "price", "value"),
    ),
    is_required=True,
    is_amount=True,
)
CREDIT = Field(
    "credit",
    _("ritorno speso"),
    ("credito", "credito_speso", "ritorno", "ritorno_speso", "credit_spent", "credit_used"),
    is_amount=True,
)
CATEGORY = Field(
    "category",
    _("categoria"),
    ("categoria", "reparto", "settore", "department", "product_category"),
)
DESCRIPTION = Field(
    "description",
    _("descrizione"),
    ("descrizione", "articolo", "prodotto", "product", "item", "product_name", "note"),
)
QUANTITY = Field(
    "quantity",
    _("quantità"),
    ("quantita", "qta", "qt", "pezzi", "qty", "units"),
)

OF_ONE_SELLER = (KEY, MEMBER, HAPPENED, AMOUNT, CREDIT, CATEGORY, DESCRIPTION, QUANTITY)
OF_ALL_SELLERS = (*OF_ONE_SELLER, SELLER)
