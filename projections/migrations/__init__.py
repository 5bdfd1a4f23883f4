"""History of the books of the read side. Tables of a read model are not here: they come with their version.

A step that was released is never changed.
"""
