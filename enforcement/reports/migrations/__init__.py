"""History of the tables of keys and codes. A step that was released is never changed."""
