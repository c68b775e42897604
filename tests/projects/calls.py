"""The calls of one project, by method and what stands behind the project's address."""

OF_A_PROJECT = [
    ("GET", ""),
    ("PUT", ""),
    ("DELETE", ""),
    ("GET", "/settings"),
    ("PUT", "/settings"),
    ("GET", "/api-key"),
    ("POST", "/api-key"),
]
