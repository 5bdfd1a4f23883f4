"""Credit 信用: policies and scores, classes as events, lists, repair and objections."""
