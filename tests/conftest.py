"""What every test may use: real services, and a run that fails when the set of skipped tests changes."""

import hypothesis

pytest_plugins = ["tests.postgres", "tests.kafka.plugin", "tests.skips"]

# A loaded machine is slow, not wrong: how long anything takes is measured in `make bench`, never in a test.
hypothesis.settings.register_profile(
    "steelyard", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steelyard")
