"""Public registers (RNA, SIRENE) read in constant memory, to see what is registered and not listed.

`colonnes` knows their headers, `lecture` streams their rows, `valeurs` keeps what a row may say, `moteur` writes,
`rapprochement` finds the sheets that they already have. What may never be stored is decided in `valeurs`.
"""
