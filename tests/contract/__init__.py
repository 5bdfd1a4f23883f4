"""The contract with consumers: schemas and their history, the AsyncAPI document, the page for integrators."""
