"""What readers may ask. Plain dictionaries out; no HTTP, no rule of its own."""
