"""Files of facts brought in by the hub's staff: communes, taxonomy, structures.

`lecture` turns a CSV or XLSX file into rows, `colonnes` knows what their headers mean, `valeurs` checks each row,
`moteur` decides and writes, `rapport` tells what became of each line.
"""
