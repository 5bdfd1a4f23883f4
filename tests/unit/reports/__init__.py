"""Whistleblower reports: reward, seals, procedure."""
