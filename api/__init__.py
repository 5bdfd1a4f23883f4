"""HTTP and command line: what the ledger and the read models look like from outside. No rules, no SQL."""
