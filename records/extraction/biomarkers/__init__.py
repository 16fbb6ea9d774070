"""Biomarker results: gene alterations, protein stains, MSI/MMR, TMB, HRD, PD-L1, HER2, surface antigens.

No status without a result construction (see constructions.py): a panel's gene list, a method, the literature, a request is no result.
"""

from records.extraction.biomarkers.extractor import Biomarkers

__all__ = ["Biomarkers"]
