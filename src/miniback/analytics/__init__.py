"""Analytics: what the feedback of a stretch of time says as a whole."""
