"""What-if 政策模拟: every business scored under a draft policy, column by column, beside the policy in force."""
