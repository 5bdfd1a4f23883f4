"""TRANSPORT: carries events from the ledger to whoever derives something from them."""
