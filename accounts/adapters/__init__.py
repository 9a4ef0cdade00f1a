"""Where allauth asks us how this portal does it."""

from accounts.adapters.access import SecondFactorMiddleware
from accounts.adapters.account import AccountAdapter

__all__ = ["AccountAdapter", "SecondFactorMiddleware"]
