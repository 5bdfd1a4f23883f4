"""What every test may use: a real PostgreSQL, and a run that fails when the set of skipped tests changes."""

pytest_plugins = ["tests.postgres", "tests.skips"]
