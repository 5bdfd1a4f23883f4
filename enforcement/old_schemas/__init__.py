"""The JSON Schemas of event versions that this release still reads but no longer writes, one file each.

Each is the schema as it was released, word for word; `make schemas` puts it here when its event type
moves on. Nothing is ever removed: events of every version stay in the ledger, and their schemas are served.
"""
