"""Placeholder of the contract; see tests."""
