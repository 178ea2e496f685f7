"""The conversation over HTTP: `profile` signs and verifies, `server` answers, `client` asks, `serving` listens."""
