"""What columns are called, by the systems whose exports are read: the name of ours, then theirs in order of preference.

Sources: Salesforce Help, Opportunity Fields, Account Fields and Contract Fields (labels as in English reports); HubSpot
Knowledge, Default deal properties; Microsoft Learn, Opportunity table of Dynamics 365 Sales (display names); ChartMogul
Developers, Activities (keys) and Help, Exporting customers; Stripe Docs, Subscriptions and invoices exports. Names without a
system are usual in spreadsheets of such companies (an assumption).
"""

from typing import Final

from sim.exports.header import plain_header

SYSTEMS: Final = ("Salesforce", "HubSpot", "Dynamics", "ChartMogul", "Stripe")
S, H, D, C, T = SYSTEMS
ANY: Final = ""


HEADERS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "csm": (
        (ANY, "csm|csm name|csm owner|customer success manager|renewal owner|renewal manager|account manager|rep|sales rep"),
        (S, "split owner|opportunity owner|account owner"), (H, "deal owner|company owner"), (D, "owner"),
        (T, "csm metadata|owner metadata|account manager metadata"), (ANY, "owner name|assigned to|salesperson"),
    ),
    "account": (
        (ANY, "account"), (S, "account name"), (H, "associated company|company name|primary associated company"),
        (D, "potential customer|customer"), (C, "customer name|company"), (T, "customer description|customer email"),
        (ANY, "client|client name|organisation|organization|customer account"),
    ),
    "arr": (
        (ANY, ("arr|prior arr|previous arr|current arr|renewable arr|arr up for renewal|arr due|existing arr|expiring arr|"
              "renewal base arr|base arr|old arr|contract arr")),
        (S, "prior acv|prior contract value"), (C, "annualized run rate"),
        (ANY, "prior mrr|previous mrr|current mrr|mrr"),
        (T, "amount|plan amount"),
    ),
    "booked_arr": (
        (ANY, "booked arr|new arr|renewed arr|renewal arr|arr booked|closed arr|new acv|renewed acv|total arr"),
        (H, "annual recurring revenue|annual contract value"), (ANY, "acv|amount annual"), (D, "actual revenue"),
        (S, "amount|amount converted"),
        (H, "total contract value"), (ANY, "tcv|new tcv|renewal tcv|booked amount|deal amount|value|new mrr"),
        (H, "monthly recurring revenue"), (D, "est revenue"),
    ),
    "change": (
        (ANY, "arr change|change of arr|delta arr|net new arr|incremental arr|arr delta|expansion arr"),
        (C, "activity mrr movement|mrr movement"),
    ),
    "due_date": (
        (ANY, ("due date|renewal date|renewal due date|contract end|contract end date|end date|subscription end date|"
              "expiry date|expiration date|term end date|contract expiration date|due|renewal due")),
        (T, "current period end utc|current period end"), (D, "contract expiration"),
    ),
    "booked_date": (
        (ANY, "booked date|booking date|closed won date|closed date|signed date|date signed|date booked"),
        (D, "actual close date"), (S, "close date"), (C, "date"), (D, "est close date"),
    ),
    "stage": (
        (S, "stage"), (H, "deal stage"), (D, "status"), (ANY, "outcome|result|opportunity stage"),
        (T, "subscription status"),
    ),
    "type": (
        (ANY, "record type|deal type|type"), (S, "opportunity type|opportunity record type"),
        (C, "activity type|movement type"),
        (H, "pipeline"),
    ),
    "contract": (
        (ANY, "contract|contract id|contract number|contract no|subscription id|subscription"),
        (C, "subscription external id"), (S, "contract name"),
    ),
    "record": (
        (ANY, "id|deal id"), (S, "opportunity id|18 digit opportunity id"), (H, "record id"),
        (D, "do not modify opportunity"), (T, "invoice id"),
    ),
    "segment": ((ANY, "segment|customer segment|account segment|tier|customer tier"),),
    "term_months": (
        (ANY, "term months|term in months|term|contract term months|prior term months|current term months|contract term"),
    ),
    "booked_term_months": ((ANY, "booked term months|new term months|renewal term months|new term|renewal term"),),
    "interval": ((T, "interval"), (ANY, "billing interval|billing period|billing frequency")),
    "quantity": ((T, "quantity"),),
    "service_start_date": (
        (ANY, "service start date|service start|new contract start|new contract start date|renewal start date"),
    ),
    "invoice_date": ((ANY, "invoice date|invoiced date|date invoiced"), (T, "invoice date utc")),
    "cash_date": ((ANY, "cash date|payment date|paid date|date paid"), (T, "paid at utc|paid at")),
    "notice_date": ((ANY, "notice date|notice given|churn notice date|cancellation notice date"),),
    "since": ((ANY, "since|customer since"), (T, "start date utc|created utc")),
    "currency": (
        (ANY, "currency|currency code|currency iso code"), (S, "amount currency|opportunity currency"),
        (S, "amount converted currency"),
        (H, "currency of deal"),
    ),
    "share": ((ANY, "share|split|split %|split percent|split percentage"), (S, "percent %|split percentage %"),),
    "exception": ((ANY, "exception|exception reason"),),
    "exception_by": ((ANY, "exception by|exception granted by"),),
    "exception_date": ((ANY, "exception date"),),
    "kpi": ((ANY, "kpi|metric|kpi name"),),
    "value": ((ANY, "value|reading|score"),),
    "date": ((ANY, "date|as of|reading date|transfer date|effective date"),),
    "role": ((ANY, "role|title|job title"),),
    "from": ((ANY, "from|hired|hire date|start|start date|effective from"),),
    "until": ((ANY, "until|left|leave date|termination date|end date|end|effective until"),),
    "target_bonus": ((ANY, "target bonus|target variable|target incentive|quarterly target bonus"),),
    "ote": ((ANY, "ote|on target earnings"),),
    "pay_mix": ((ANY, "pay mix|variable share|variable %"),),
    "quota": ((ANY, "quota|target quota|quarterly quota"),),
    "period": ((ANY, "period|quarter|quota period|fiscal quarter"),),
    "from_csm": ((ANY, "from csm|old csm|previous owner|from owner|old owner|old value"),),
    "to_csm": ((ANY, "to csm|new csm|new owner|to owner|new value"),),
}  # fmt: skip

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "deals": (
        "csm", "account", "arr", "booked_arr", "change", "due_date", "booked_date", "stage", "type", "contract", "record",
        "segment", "term_months", "booked_term_months", "interval", "quantity", "service_start_date", "invoice_date",
        "cash_date", "notice_date", "currency", "share", "exception", "exception_by", "exception_date",
    ),
    "book": (
        "csm", "account", "arr", "segment", "contract", "due_date", "term_months", "since", "interval", "quantity",
        "currency", "stage", "record",
    ),
    "kpis": ("csm", "account", "date", "period", "kpi", "value"),
    "people": ("csm", "role", "from", "until", "target_bonus", "ote", "pay_mix", "quota", "period", "currency"),
    "transfers": ("account", "from_csm", "to_csm", "date"),
}  # fmt: skip
"""What a row of each kind of export may have."""

SYNONYMS: Final[dict[str, dict[str, tuple[str, int]]]] = {
    role: {
        header: (system, rank)
        for rank, (system, header) in reversed(
            list(enumerate((system, header) for system, names in groups for header in names.split("|")))
        )
    }
    for role, groups in HEADERS.items()
}
"""By role and plain header, whose it is and how far it stands from the first choice."""

_KNOWN: Final = {header for headers in SYNONYMS.values() for header in headers} | {
    role.replace("_", " ") for role in HEADERS
}
_OWN: Final[dict[str, str]] = {
    S: "opportunity owner|opportunity name|account name|close date|stage|amount|fiscal period|age|created date|lead source|"
       "next step|probability %|owner role|opportunity id|account owner|amount converted",
    H: "record id|deal name|deal stage|deal owner|close date|amount|associated company|pipeline|deal type|create date|"
       "associated company ids|last activity date",
    D: "do not modify opportunity|do not modify row checksum|do not modify modified on|topic|potential customer|"
       "est close date|actual close date|est revenue|actual revenue|status|status reason|owner",
    C: "customer name|customer uuid|customer external id|activity mrr|activity mrr movement|activity arr|type|date|"
       "billing connector uuid|subscription external id|plan external id|description|customer since",
    T: "customer id|customer description|customer email|plan|quantity|currency|interval|amount|status|created utc|"
       "start date utc|current period start utc|current period end utc|canceled at utc|ended at utc",
}  # fmt: skip


def known(header: str) -> bool:
    """Whether a header is the name of something in a system we know."""
    plain = plain_header(header)
    return plain in _KNOWN or any(plain in names.split("|") for names in _OWN.values())


def system_of(headers: tuple[str, ...]) -> tuple[str, int]:
    """The system whose export has these headers, and how many of them it uses; none where fewer than three are."""
    plain = {plain_header(header) for header in headers}
    counts = {system: len(plain & set(names.split("|"))) for system, names in _OWN.items()}
    best = max(counts, key=lambda system: counts[system])
    return (best, counts[best]) if counts[best] >= 3 else ("", 0)
