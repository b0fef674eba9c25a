"""`python -m pole_ess.socle.composer TEMPLATE < data.json > document.pdf`: the child of documents.pdf_a_part."""

import json
import os
import sys

from pole_ess.socle import documents

if __name__ == "__main__":
    os.nice(10)  # pages are served first
    sys.stdout.buffer.write(documents.pdf(sys.argv[1], json.load(sys.stdin.buffer)))
