"""Random checks 双随机: pools, the draw that anybody can recompute, fair teams, what was found."""
