"""Tests of webhooks, mails and chats, against real receivers."""
