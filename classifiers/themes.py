"""The seven themes: what an item can be about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """A subject that items are tagged with."""

    id: str
    name: str
    core: bool = False
    """Alerts stand on the core themes; the others complete the picture."""


CATALOGUE = (
    Theme("exercises", "Military exercises and activity", core=True),
    Theme("arms_sales", "Arms sales and deliveries", core=True),
    Theme("us_policy", "US policy toward Taiwan", core=True),
    Theme("military_ties", "US-Taiwan and allied military ties"),
    Theme("self_defence", "Taiwan's own defence effort"),
    Theme("coercion", "Pressure short of force"),
    Theme("trade_chips", "Tariffs, chips and trade as security"),
)
THEMES = tuple(theme.id for theme in CATALOGUE)
CORE = tuple(theme.id for theme in CATALOGUE if theme.core)
NAMES = {theme.id: theme.name for theme in CATALOGUE}
