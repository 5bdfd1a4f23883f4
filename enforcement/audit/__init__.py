"""What proves the ledger to outsiders: its key, signed notes and receipts."""
