"""Random checks 双随机、一公开: net content of prepackaged goods, inspections and their results, campaigns.

What decides – tolerances, sampling plans, who may do what next – stands in dated tables under `law/data`; the code
here reads them. The modules that compute a verdict or a draw are pure, so that anyone can compute them again.
"""
