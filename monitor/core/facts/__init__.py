"""Text -> facts with the sentence they came from, places and days; see docs/facts.md."""

from monitor.core.facts.extractor import KINDS, Extractor, Told

__all__ = ["KINDS", "Extractor", "Told"]
