"""Assistants that speak MCP, over HTTP and through the command."""
