"""A profile for other software: a FHIR R4 bundle in mCODE's shape, and rows for a table."""

from records.export.bundle import LOST, fhir_bundle
from records.export.table import COLUMNS, rows_of

__all__ = ["COLUMNS", "LOST", "fhir_bundle", "rows_of"]
