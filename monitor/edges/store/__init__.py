"""The program's only memory: all SQL and every migration. ``Store.begin()`` opens a ``Work``, one transaction."""

from monitor.edges.store.rows import FollowUp, Regrouping, StoredAlert, StoredFeedback, StoredItem, StoredModel
from monitor.edges.store.store import Store
from monitor.edges.store.work import Work

__all__ = ["FollowUp", "Regrouping", "Store", "StoredAlert", "StoredFeedback", "StoredItem", "StoredModel", "Work"]
