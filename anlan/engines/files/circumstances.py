"""What the sender says about a file: words, time and place."""

from dataclasses import dataclass
from datetime import datetime

from anlan.engines.files.pictures import Shot


@dataclass(frozen=True)
class Circumstances:
    """A phone knows time and place better than the picture does, so its word comes first."""

    caption: str = ""
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None

    def completed(self, shot: Shot | None) -> "Circumstances":
        """The same, with what the picture itself said where the sender said nothing."""
        if shot is None:
            return self
        placed = self.latitude is not None and self.longitude is not None
        return Circumstances(
            self.caption,
            self.taken_at or shot.taken_at,
            self.latitude if placed else shot.latitude,
            self.longitude if placed else shot.longitude,
        )


PLAIN = Circumstances()
