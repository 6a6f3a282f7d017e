"""Ownership: who should own renewals and expansion, by what role sets cost and what ARR they keep."""
