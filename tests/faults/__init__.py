"""Mistakes put into a copy of the product, one after another: do the tests notice them?"""
