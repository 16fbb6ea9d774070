"""A note that is read for real."""

NOTE = b"""PATHOLOGY REPORT
Patient: Rosa Example
Date of birth: 05/17/1961
Sex: Female
Date of report: 03/14/2026

FINAL DIAGNOSIS:
Pancreas, head, biopsy: Pancreatic ductal adenocarcinoma, moderately differentiated.
Stage IV pancreatic cancer with liver metastases.
KRAS: p.G12D mutation detected.
MSI: stable.
ECOG performance status 1.
CA 19-9: 812 U/mL
"""
