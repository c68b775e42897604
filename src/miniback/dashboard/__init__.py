"""The dashboard's pages on projects, their keys, and what the account uses of its plan."""
