"""Where Django and allauth ask us how this portal does it."""

from accounts.adapters.access import SecondFactorMiddleware, SessionLimitsMiddleware
from accounts.adapters.account import AccountAdapter
from accounts.adapters.mfa import MFAAdapter, SecondFactorStage
from accounts.adapters.openid import SocialAccountAdapter

__all__ = [
    "AccountAdapter",
    "MFAAdapter",
    "SecondFactorMiddleware",
    "SecondFactorStage",
    "SessionLimitsMiddleware",
    "SocialAccountAdapter",
]
