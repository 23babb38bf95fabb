"""What we store about ratings. Constraints here are the last word."""

from marketplace.ratings.models.checks import (
    Checklist,
    ChecklistItem,
    QualityCheck,
    QualityCorrection,
    QualityFinding,
)
from marketplace.ratings.models.criteria import (
    Criterion,
    CriterionCategory,
    CriterionVote,
    Outcome,
    OutcomeMeaning,
    OutcomeScheme,
)
from marketplace.ratings.models.fairness import (
    Appeal,
    AppealVote,
    Flag,
    FlaggedReview,
    LedgerLine,
    Objection,
    Screening,
)
from marketplace.ratings.models.proofs import (
    Card,
    CardBatch,
    InvoiceProof,
    KeptFile,
    VoiceNote,
)
from marketplace.ratings.models.reviews import (
    Addition,
    Change,
    CriterionAnswer,
    OutcomeAnswer,
    Point,
    PointVote,
    Reply,
    Review,
)
from marketplace.ratings.models.scores import (
    AnswerRating,
    CategoryRating,
    Likeness,
    OfferRating,
)

__all__ = [
    "Addition",
    "AnswerRating",
    "Appeal",
    "AppealVote",
    "Card",
    "CardBatch",
    "CategoryRating",
    "Change",
    "Checklist",
    "ChecklistItem",
    "Criterion",
    "CriterionAnswer",
    "CriterionCategory",
    "CriterionVote",
    "Flag",
    "FlaggedReview",
    "InvoiceProof",
    "KeptFile",
    "LedgerLine",
    "Likeness",
    "Objection",
    "OfferRating",
    "Outcome",
    "OutcomeAnswer",
    "OutcomeMeaning",
    "OutcomeScheme",
    "Point",
    "PointVote",
    "QualityCheck",
    "QualityCorrection",
    "QualityFinding",
    "Reply",
    "Review",
    "Screening",
    "VoiceNote",
]
