"""The shapes of requests and answers, declared once for validation and for the OpenAPI document."""
