"""Published cases come into the ledger: a line of a file, a checked record, a history of events.

The way is the same for every record and in this order: `lines` (bytes to lines), `strict` (text to JSON values,
numbers as printed), `record` (values to a checked Record, or every reason why not), `readings` (a step and its
note to an event type), `history` (a Record to its events), `importer` (many histories to one save).

History that already happened is recorded with its irregularities, which the case then names as findings; only
what cannot be read without guessing is rejected. Nothing here prints, and all but `importer` is pure.
"""
