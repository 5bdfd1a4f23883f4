"""READ SIDE: everything here is derived from the ledger, disposable and rebuildable."""
