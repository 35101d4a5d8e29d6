"""The cast itself: every state can be reached by the real actions."""

import pytest

from cases.models import State
from tests.world import WAYS, World


@pytest.mark.parametrize("state", WAYS)
def test_the_actions_bring_a_case_into_each_state(world: World, state: State) -> None:
    assert world.case_in(state).state == state
