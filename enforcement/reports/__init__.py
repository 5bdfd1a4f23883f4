"""Whistleblower reports 举报: heard, protected, answered in time, rewarded (Order 121; 奖励办法)."""
