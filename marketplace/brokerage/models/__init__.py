"""What we store about plans, those who help with them, briefs and quotes."""

from marketplace.brokerage.models.briefs import (
    Brief,
    BriefCall,
    BriefCriterion,
    BriefNeed,
    BriefQuestion,
    BriefScorer,
)
from marketplace.brokerage.models.helping import HelpRequest, HelpTask, Independence
from marketplace.brokerage.models.library import LibraryPiece, Signpost
from marketplace.brokerage.models.plans import (
    Plan,
    PlanClash,
    PlanFile,
    PlanLine,
    PlanLink,
    PlanPart,
    PlanReading,
    PlanReview,
    PlanVersion,
    Supporter,
    WeekItem,
)
from marketplace.brokerage.models.quotes import (
    AgreedScore,
    Award,
    Quote,
    QuoteAnswer,
    QuoteCheck,
    QuoteMeeting,
    QuoteScore,
)

__all__ = [
    "AgreedScore",
    "Award",
    "Brief",
    "BriefCall",
    "BriefCriterion",
    "BriefNeed",
    "BriefQuestion",
    "BriefScorer",
    "HelpRequest",
    "HelpTask",
    "Independence",
    "LibraryPiece",
    "Plan",
    "PlanClash",
    "PlanFile",
    "PlanLine",
    "PlanLink",
    "PlanPart",
    "PlanReading",
    "PlanReview",
    "PlanVersion",
    "Quote",
    "QuoteAnswer",
    "QuoteCheck",
    "QuoteMeeting",
    "QuoteScore",
    "Signpost",
    "Supporter",
    "WeekItem",
]
