"""Pages of the portal's health, for the staff."""


def pages_de_la_sante():
    return [("animateur", "/admin/sante/")]
