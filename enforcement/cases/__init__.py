"""The administrative-penalty procedure 行政处罚程序: events, the statutory table, guards, deadlines, the case."""
