"""Seeded corpus generator of phield-tiny."""
