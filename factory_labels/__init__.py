"""Sheets of labels, each with a code of its own: what stands on them and how they become a PDF.

The command line and the portal draw them with it. It knows nothing of either: segno and Python are all that it needs.
"""
