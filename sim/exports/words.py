"""What stages, record types and blank cells are called, by the systems whose exports are read."""

import re
from typing import Final, Literal, TypeAlias

from sim.exports.header import plain_header

Stage: TypeAlias = Literal["won", "lost", "open"]
Type: TypeAlias = Literal["renewal", "new", "expansion", "contraction", "cancellation", "credit"]

NOTHING: Final = (
    "|n/a|N/A|NA|#N/A|null|NULL|Null|None|none|nil|nan|NaN|-|--|—|–|(blank)|(empty)|(No value)|[blank]|0000-00-00"
    "|0000-00-00 00:00:00"
)
BLANK: Final = frozenset(NOTHING.split("|"))
"""Cells that hold nothing. MySQL writes 0000-00-00 where there is no date."""

STAGES: Final[dict[Stage, str]] = {
    "won": "won|closed won|closedwon|win|renewed|closed renewed|booked|signed|complete won|is won",
    "lost": "lost|closed lost|closedlost|churned|closed churned|not renewed|non renewal|did not renew|cancelled|canceled|"
    "out sold",
    "open": "open|prospecting|qualification|qualified|needs analysis|value proposition|id decision makers|"
    "perception analysis|proposal|proposal price quote|negotiation|negotiation review|"
    "appointment scheduled|appointmentscheduled|"
    "qualified to buy|qualifiedtobuy|presentation scheduled|presentationscheduled|decision maker bought in|"
    "decisionmakerboughtin|contract sent|contractsent|in progress|on hold|pending|verbal|commit|upcoming|not started|"
    "new|active|qualify|develop|propose|close",
}
"""Stages in the words of Salesforce (default opportunity stages), HubSpot (default deal pipeline, labels and internal names)
and Dynamics 365 (status and sales stages). Sources: Salesforce Help, Opportunity Fields; HubSpot Knowledge, Set up deal
pipelines; Microsoft Learn, Opportunity table.
"""
TYPES: Final[dict[Type, str]] = {
    "renewal": "renewal|renewals|existing customer renewal|renew|subscription renewal|contract renewal|annual renewal",
    "new": "new|new business|newbusiness|new customer|new logo|new biz|reactivation|new subscription|win back|winback",
    "expansion": "expansion|upsell|up sell|upgrade|existing customer upgrade|add on|addon|cross sell|crosssell|growth|"
    "existing customer expansion|seat expansion",
    "contraction": "contraction|downgrade|existing customer downgrade|downsell|down sell|reduction",
    "cancellation": "cancellation|cancelation|churn|cancel|termination|early termination",
    "credit": "credit|credit note|credit memo|refund|adjustment credit",
}
"""Record types in the words of Salesforce (opportunity types), HubSpot (deal types) and ChartMogul (activities: new_biz,
expansion, contraction, churn, reactivation). ``Existing Business`` is in none: it may be a renewal or an expansion.
"""

_OF: Final[dict[str, dict[str, str]]] = {
    "stage": {word: kind for kind, words in STAGES.items() for word in words.split("|")},
    "type": {word: kind for kind, words in TYPES.items() for word in words.split("|")},
}


def meaning(what: Literal["stage", "type"], text: str) -> str:
    """Which stage or record type a word stands for; empty where no system uses it so.

    >>> meaning("stage", "Closed won (Renewal pipeline)"), meaning("type", "new_biz"), meaning("type", "Existing Business")
    ('won', 'new', '')
    """
    words = _OF[what]
    plain = plain_header(text)
    return words.get(plain) or words.get(plain_header(re.sub(r"\(.*?\)", " ", text)), "")
