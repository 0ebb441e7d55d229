"""The tables."""

from monitor.edges.store.tables.desk import (
    alerts,
    decisions,
    deliveries,
    digests,
    follow_ups,
    marks,
    openings,
    outages,
    silences,
)
from monitor.edges.store.tables.learning import feedback, model_versions, score_weeks
from monitor.edges.store.tables.news import (
    entries,
    facts,
    feeds,
    page_marks,
    revisions,
    stories,
    story_bands,
    tags,
    texts,
)
from monitor.edges.store.tables.regrouping import (
    joined_stories,
    regrouped,
    regroupings,
    retold,
    story_parts,
)
from monitor.edges.store.tables.shared import KEY, metadata

__all__ = [
    "KEY",
    "alerts",
    "decisions",
    "deliveries",
    "digests",
    "entries",
    "facts",
    "feedback",
    "feeds",
    "follow_ups",
    "joined_stories",
    "marks",
    "metadata",
    "model_versions",
    "openings",
    "outages",
    "page_marks",
    "regrouped",
    "regroupings",
    "retold",
    "revisions",
    "score_weeks",
    "silences",
    "stories",
    "story_bands",
    "story_parts",
    "tags",
    "texts",
]
