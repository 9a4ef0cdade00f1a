from network.forms.places import (
    AreaForm,
    CloseWorkplaceForm,
    WorkplaceForm,
    WorkplaceSearchForm,
)
from network.forms.roles import EndRoleForm, FindPersonForm, GiveRoleForm
from network.forms.units import CloseUnitForm, MoveUnitForm, NewUnitForm, ShiftForm, UnitForm

__all__ = [
    "AreaForm",
    "CloseUnitForm",
    "CloseWorkplaceForm",
    "EndRoleForm",
    "FindPersonForm",
    "GiveRoleForm",
    "MoveUnitForm",
    "NewUnitForm",
    "ShiftForm",
    "UnitForm",
    "WorkplaceForm",
    "WorkplaceSearchForm",
]
