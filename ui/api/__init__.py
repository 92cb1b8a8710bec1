"""The public API: typed functions under the names that other programs call.

Modules of this package that define endpoints must not postpone their annotations
(`from __future__ import annotations`): Gradio reads the return types of endpoints from the
signature to learn how many values they return, and takes a postponed one for a single value.
"""
