"""What goes wrong in a run, drawn from a seed: the same seed gives the same plan."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

GO = ("ingestion", "bar_builder_1s", "bar_aggregator_multi")
"""Stages that have an implementation in Go."""

SCALING = ("bar_builder_1s", "bar_aggregator_multi")
"""Stages whose partitions several replicas may share."""

SINK = "store"

STAGES = (
    "ingestion",
    "bar_builder_1s",
    "bar_aggregator_multi",
    "strategy_runner",
    "risk_manager",
    "budget_guard",
    "oms",
    "gateway_paper",
    "recon",
    "exporter",
    SINK,
)
"""Every stage of a paper session, in the order of the flow."""

ALL_STEPS = (1, 2, 3, 4, 5, 6, 7)
STEPS: Mapping[str, tuple[int, ...]] = {"ingestion": (3, 4, 6, 7), SINK: ()}
"""Steps of the stages that have not all seven: a source has no inputs and no state, and the store
commits in the database."""

SINK_KILLS = 7
"""Of the store from outside, in place of its steps."""

BUSY = ("bar_builder_1s", "risk_manager", "gateway_paper")
"""Stages that handle something in almost every cycle."""

COUNT_MAX = {True: 12, False: 2}
"""Most commits between two crashes of a stage, by whether it is busy: a session of ten minutes has
some tens of commits of the others, and all crashes must fit into it."""

OUTSIDE_MS_MAX = 400
"""A kill from outside comes so long after the process has said that it is ready."""

DATA_SEEDS = 6
"""Different markets."""


@dataclass(frozen=True)
class Death:
    """How one life of a process ends."""

    step: int | None
    """Right after this commit step; None = from outside, at any moment."""
    count: int
    """After the step's count-th time, or so many milliseconds after the process is ready."""


@dataclass(frozen=True)
class Event:
    """Something that happens to the session as a whole, or to a process that goes on living."""

    kind: str
    """broker, postgres, zombie, rebalance or slow."""
    at: float
    """Not before this part of the session has passed, 0 to 1."""
    stage: str = ""
    pause_s: float = 0.0
    """How long it lasts."""


@dataclass(frozen=True)
class Round:
    """One session under faults."""

    name: str
    data_seed: int
    go: tuple[str, ...] = ()
    """Stages that run in Go."""
    lanes: int = 1
    replicas: int = 1
    """Of the scaling stages."""
    deaths: Mapping[str, tuple[Death, ...]] = field(default_factory=dict)
    """By stage, of its replica 0."""
    events: tuple[Event, ...] = ()

    def kills(self) -> int:
        """Processes that are killed by SIGKILL; zombies are fenced, which is another death."""
        services = sum(event.kind in ("broker", "postgres") for event in self.events)
        return services + sum(len(deaths) for deaths in self.deaths.values())


def draw(seed: int) -> list[Round]:
    """The plan of the long form: at least 60 kills in three sessions."""
    chance = random.Random(f"kafka {seed}")
    everything = {stage: _deaths(chance, stage) for stage in STAGES}
    in_go = {stage: _deaths(chance, stage) for stage in GO}
    in_go |= {SINK: _outside(chance, 2), "oms": _deaths(chance, "oms")}
    mixed = chance.sample(STAGES[3:-1], 2)
    return [
        Round(
            "every stage in Python, every step",
            chance.randint(1, DATA_SEEDS),
            deaths=everything,
            events=(_service(chance, "postgres", 0.05), _service(chance, "broker", 0.2)),
        ),
        Round(
            "stages in Go, every step",
            chance.randint(1, DATA_SEEDS),
            go=GO,
            deaths=in_go,
            events=(
                _service(chance, "broker", 0.1),
                _zombie(chance, "risk_manager", 0.2),
                _service(chance, "postgres", 0.3),
            ),
        ),
        Round(
            "two replicas of the bar stages, zombies, rebalances, slow consumers",
            chance.randint(1, DATA_SEEDS),
            go=("bar_aggregator_multi",),
            lanes=2,
            replicas=2,
            deaths={stage: _outside(chance, 2) for stage in mixed},
            events=(
                _zombie(chance, "bar_builder_1s", 0.02),
                Event("slow", 0.05, SINK, 6.0),
                _zombie(chance, "gateway_paper", 0.08),
                _rebalance(chance, "bar_builder_1s", 0.1),
                _zombie(chance, "bar_aggregator_multi", 0.2),
                _service(chance, "broker", 0.25),
                _rebalance(chance, "bar_aggregator_multi", 0.3),
                Event("slow", 0.4, "risk_manager", 4.0),
                _service(chance, "postgres", 0.45),
                _zombie(chance, SINK, 0.5),
            ),
        ),
    ]


def draw_short(seed: int) -> list[Round]:
    """A plan of some ten kills in one session, for the ordinary tests."""
    chance = random.Random(f"kafka short {seed}")
    stages = chance.sample(STAGES[1:-1], len(ALL_STEPS))
    steps = chance.sample(ALL_STEPS, len(ALL_STEPS))
    deaths = {
        stage: (_after(chance, stage, step),) for stage, step in zip(stages, steps, strict=True)
    }
    spared = next(stage for stage in STAGES[1:-1] if stage not in deaths)
    return [
        Round(
            "one kill after each step",
            chance.randint(1, DATA_SEEDS),
            go=(chance.choice(SCALING),),
            deaths={**deaths, SINK: _outside(chance, 1)},
            events=(
                _service(chance, "broker", 0.05),
                _zombie(chance, spared, 0.1),
                _service(chance, "postgres", 0.15),
            ),
        )
    ]


def _deaths(chance: random.Random, stage: str) -> tuple[Death, ...]:
    """One after each step of a stage and one from outside, in any order."""
    if stage == SINK:
        return _outside(chance, SINK_KILLS)
    deaths = [_after(chance, stage, step) for step in STEPS.get(stage, ALL_STEPS)]
    if stage not in STEPS:
        deaths += _outside(chance, 1)
    chance.shuffle(deaths)
    return tuple(deaths)


def _after(chance: random.Random, stage: str, step: int) -> Death:
    return Death(step, chance.randint(1, COUNT_MAX[stage in BUSY]))


def _outside(chance: random.Random, count: int) -> tuple[Death, ...]:
    return tuple(Death(None, chance.randint(0, OUTSIDE_MS_MAX)) for _ in range(count))


def _service(chance: random.Random, kind: str, at: float) -> Event:
    return Event(kind, at + chance.uniform(0.0, 0.05), pause_s=chance.uniform(0.2, 2.0))


def _zombie(chance: random.Random, stage: str, at: float) -> Event:
    return Event("zombie", at + chance.uniform(0.0, 0.02), stage)


def _rebalance(chance: random.Random, stage: str, at: float) -> Event:
    return Event("rebalance", at + chance.uniform(0.0, 0.02), stage)


def planned(rounds: Sequence[Round]) -> int:
    """Kills of all rounds."""
    return sum(each.kills() for each in rounds)
