"""History of the relay's tables, in the ledger's database. A step that was released is never changed."""
