"""The write side: what may happen, and what happened. Imports nothing of ours."""
