"""Tests of what sites load: the widget's script, the form without one, the install page."""
