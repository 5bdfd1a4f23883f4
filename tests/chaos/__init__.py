"""Everything is killed, paused, restarted, cut off and sent twice while officers file cases; then it is counted."""
