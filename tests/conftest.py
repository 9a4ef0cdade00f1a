import pytest


@pytest.fixture(autouse=True)
def _database(db):
    """Every test may ask the database: nearly all do."""
