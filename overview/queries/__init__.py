"""Answers for the start page and the pages of figures."""
