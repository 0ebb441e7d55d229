"""The nouns of the program, as frozen values. Imports nothing of ours."""

from monitor.model.alerts import Alert, Delivery, Message, Opening, Outage, Receipt
from monitor.model.articles import Article, Fact, Reason, Said, Signature
from monitor.model.digest import Digest, DigestStory
from monitor.model.entries import Comparison, Edit, Entry, ParsedFeed
from monitor.model.feeds import KINDS, RETIRED, Access, Feed, FeedState, Habits, Keys, Kind, Numbers, Page, Selectors
from monitor.model.jobs import Job
from monitor.model.rules import CHANGES, SEVERITIES, Bound, Change, Decision, Escalation, Rule, Severity, Silence, Told
from monitor.model.stories import Figures, Life, Source, Story

__all__ = [
    "CHANGES",
    "KINDS",
    "RETIRED",
    "SEVERITIES",
    "Access",
    "Alert",
    "Article",
    "Bound",
    "Change",
    "Comparison",
    "Decision",
    "Delivery",
    "Digest",
    "DigestStory",
    "Edit",
    "Entry",
    "Escalation",
    "Fact",
    "Feed",
    "FeedState",
    "Figures",
    "Habits",
    "Job",
    "Keys",
    "Kind",
    "Life",
    "Message",
    "Numbers",
    "Opening",
    "Outage",
    "Page",
    "ParsedFeed",
    "Reason",
    "Receipt",
    "Rule",
    "Said",
    "Selectors",
    "Severity",
    "Signature",
    "Silence",
    "Source",
    "Story",
    "Told",
]
