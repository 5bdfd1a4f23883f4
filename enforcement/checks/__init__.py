"""Random inspections 双随机、一公开: what is inspected, by which plan, and how chance decides."""
