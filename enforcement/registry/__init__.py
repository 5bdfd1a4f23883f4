"""The registers: businesses, officers, calendars. Facts that cases and checks refer to by id, never by name."""
