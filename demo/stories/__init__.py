"""What happened in the demo world, one small function for each story."""

from collections.abc import Callable, Sequence

from demo.stage import Stage, Story
from demo.stories import crowd, decided, exemptions, imports, links, partners, recorded, review, trusted

STORIES: Sequence[Callable[[Stage], Story]] = (
    *imports.STORIES,
    *decided.STORIES,
    *exemptions.STORIES,
    *partners.STORIES,
    *recorded.STORIES,
    *review.STORIES,
    *links.STORIES,
    *trusted.STORIES,
    *crowd.STORIES,
)
