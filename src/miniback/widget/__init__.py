"""The widget: the script that sites load, what it is told, and the page that does without it."""

from miniback.widget.files import integrity, versioned
from miniback.widget.sightings import Sightings
from miniback.widget.told import told

__all__ = ["Sightings", "integrity", "told", "versioned"]
