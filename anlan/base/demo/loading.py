"""Runs every step of the demo load in one go."""

from collections.abc import Callable
from random import Random

from django.db import transaction

from anlan.base.demo.marks import DemoLoad, refuse_unless_empty
from anlan.base.demo.steps import DemoStep, World, demo_steps
from anlan.kernel import clock

SEED = 20260901
Progress = Callable[[int, int, DemoStep], None]


def load_demo(progress: Progress | None = None, seed: int = SEED) -> World:
    """Load the demo county; Conflict where it may not be loaded. ``progress`` hears of each step first."""
    refuse_unless_empty()
    world = World(Random(seed), clock.today())  # noqa: S311 - the same county every time, no secret
    with transaction.atomic():
        for place, step in enumerate(sorted(demo_steps, key=lambda step: step.order)):
            if progress:
                progress(place, len(demo_steps), step)
            step.run(world)
        DemoLoad.objects.create(seed=seed)
    return world
