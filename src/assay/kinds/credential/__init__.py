"""Stored credentials: that each can be decrypted, and why one cannot."""
