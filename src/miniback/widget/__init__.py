"""The widget: the script that sites load, what it is told, and the page that does without it."""

from miniback.widget.archive import keep_this_version
from miniback.widget.files import integrity, versioned
from miniback.widget.sightings import Sighting, Sightings
from miniback.widget.sightings import latest as latest_sightings

__all__ = [
    "Sighting",
    "Sightings",
    "integrity",
    "keep_this_version",
    "latest_sightings",
    "versioned",
]
