"""A theme of a user's own, with lines to learn it from."""

from __future__ import annotations

from classifiers import Text
from classifiers.keywords import CustomTheme
from classifiers.labelled import Labelled

QUAKES = CustomTheme("quakes", ("earthquake*", "地震"))
WITH = (
    "Earthquake of magnitude six shakes Hualien, no tsunami warning",
    "Aftershocks rattle Taitung as rescuers search the rubble after the quake",
    "Weather bureau warns of more tremors after overnight quake",
    "Strong quake halts trains on the east coast for two hours",
    "Quake off Yilan felt in Taipei, plants evacuate staff",
    "花蓮強震 大樓傾斜多人受困 氣象署示警餘震",
    "台东外海地震 台北有感 气象署示警余震",
    "氣象署：未來三天恐有規模五以上餘震",
    "Seismologists map the fault that ruptured under Hualien in the quake",
    "Rescuers leave Hualien a week after the earthquake",
    "花蓮地震後餘震不斷 步道再度封閉",
    "Buildings sway in Kaohsiung as quake strikes at sea",
)
WITHOUT = (
    "Political earthquake in Taipei as party chair quits",
    "股市大地震 台積電跌停",
    "PLA drill shakes nerves in Kinmen",
    "A film about an earthquake wins a prize in Busan",
    "Earthquake insurance stocks rise on Wall Street",
    "Typhoon cuts power to twenty thousand homes in Hualien",
    "政坛大地震 内阁总辞",
    "Chip maker's results send a tremor through markets",
)


def examples(themes: tuple[str, ...] = ("quakes",)) -> list[Labelled]:
    """Return twenty labelled lines, twelve of which carry the theme."""
    titles = [(title, themes) for title in WITH] + [(title, ()) for title in WITHOUT]
    return [Labelled(str(n), "en", Text(title), given) for n, (title, given) in enumerate(titles)]
