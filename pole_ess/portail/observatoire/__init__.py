"""The hub in figures: what structures do, who they are, how many, their jobs, exchanges, meetings, priorities.

`comptages` counts (SQL, no word), `releve` keeps the day's figures for all processes, `mesures` puts them into typed
values (what is counted, by whom, from what, when), `chapitres` gathers these. Pages, CSV and PDF show the same values.
"""
