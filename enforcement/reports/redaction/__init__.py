"""Redaction 遮盖 with a provable original: a text as handlers may see it, and proof that nothing else was changed."""
