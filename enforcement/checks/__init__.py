"""Random inspections 双随机、一公开: what is inspected, the draw anybody can recompute, what was found."""
