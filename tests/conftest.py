"""What every test may use: real services, and a run that fails when the set of skipped tests changes."""

pytest_plugins = ["tests.postgres", "tests.kafka.plugin", "tests.skips"]
