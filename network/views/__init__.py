from network.views.places import (
    AddArea,
    AddWorkplace,
    CloseWorkplace,
    EditWorkplace,
    RemoveArea,
    WorkplaceList,
    WorkplacePage,
)
from network.views.roles import EndRole, GiveRole
from network.views.units import (
    AddUnit,
    CloseUnit,
    EditUnit,
    MoveUnit,
    OrderUnits,
    UnitAccess,
    UnitHistory,
    UnitPage,
    UnitTree,
)

__all__ = [
    "AddArea",
    "AddUnit",
    "AddWorkplace",
    "CloseUnit",
    "CloseWorkplace",
    "EditUnit",
    "EditWorkplace",
    "EndRole",
    "GiveRole",
    "MoveUnit",
    "OrderUnits",
    "RemoveArea",
    "UnitAccess",
    "UnitHistory",
    "UnitPage",
    "UnitTree",
    "WorkplaceList",
    "WorkplacePage",
]
