"""What lets somebody else check the ledger: its key, signed notes and receipts, trees and their proofs."""
