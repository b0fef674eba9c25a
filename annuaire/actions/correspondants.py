"""Whom to write to, of a structure."""

from annuaire.notifications import notifier


def adresses(structure, *, aussi=None, sauf=None) -> dict:
    """Address -> account or None: active référents, `aussi` (who asked, if still a member), but not `sauf`.

    Without any of them, the structure's own address.
    """
    liens = structure.rattachements.filter(etat="actif", utilisateur__is_active=True).select_related("utilisateur")
    membres = {lien.utilisateur: lien.role == "referent" for lien in liens.order_by("pk")}
    trouvees = {personne.email.lower(): personne for personne, repond in membres.items() if repond or personne == aussi}
    if not trouvees and structure.courriel:
        trouvees[structure.courriel.lower()] = None
    if sauf is not None:
        trouvees.pop(sauf.email.lower(), None)
    return trouvees


def ecrire(
    gabarit, structure, *, objet, aussi=None, sauf=None, cle_unicite=None, sorte="", page="", avant=None, **contexte
) -> None:
    """One mail to each of `adresses`, in the current transaction; with `cle_unicite`, once a person whoever retries.

    With `sorte`, an optional mail: each person has chosen when they want it (`page`, `avant`: see `notifier`).
    """
    for adresse, utilisateur in adresses(structure, aussi=aussi, sauf=sauf).items():
        cle = f"{cle_unicite}-{utilisateur.pk if utilisateur else 0}" if cle_unicite else None
        envoi = {"a": adresse, "utilisateur": utilisateur, "objet": objet, "contexte": contexte, "cle_unicite": cle}
        notifier(sorte, gabarit, page=page, avant=avant, **envoi)
