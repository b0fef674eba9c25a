"""What the letter knows about a member, for the member (RGPD art. 15 and 20)."""

from annuaire.donnees_personnelles import parmi
from newsletter.models import Abonne, Breve, Envoi, ImportAbonnes, MentionConsentement, Numero, SansRappel


def parties(utilisateur, adresses):
    """(Title, rows) of each part, in the order of the page."""
    abonnements = Abonne.objects.filter(utilisateur=utilisateur) | Abonne.objects.filter(parmi("courriel", adresses))
    abonnements = list(
        abonnements.select_related("interets__commune", "mention")
        .prefetch_related("interets__activites")
        .order_by("pk")
    )
    yield "Votre abonnement à la lettre", [_abonnement(abonne) for abonne in abonnements]
    yield (
        "Lettres qui vous ont été envoyées",
        (
            {"Lettre": envoi.numero.sujet, "État": envoi.get_etat_display(), "Le": envoi.parti_le}
            for abonne in abonnements
            for envoi in abonne.envois.select_related("numero").order_by("pk")
        ),
    )
    yield (
        "Brèves que vous avez écrites",
        (
            {"Brève": b.titre, "Texte": b.texte, "Structure": b.structure.nom, "Le": b.cree_le}
            for b in Breve.objects.filter(auteur=utilisateur).select_related("structure").order_by("pk")
        ),
    )
    yield "Lettre : ce que vous avez fait", [*_actes(utilisateur)]


def _abonnement(abonne):
    interets = abonne.interets
    return {
        "Adresse e-mail": abonne.courriel,
        "État": abonne.get_etat_display(),
        "Natures": ", ".join(interets.natures),
        "Activités": ", ".join(activite.nom for activite in interets.activites.all()),
        "Autour de": f"{interets.commune.nom}, {interets.rayon_km} km" if interets.commune else "",
        "Fréquence": abonne.get_frequence_display(),
        "Formulaire": abonne.get_formulaire_display(),
        "Mention acceptée": abonne.mention.texte if abonne.mention else "",
        "Demande faite le": abonne.consenti_le,
        "Confirmée le": abonne.confirme_le,
        "Suspendu": abonne.get_suspension_display(),
    }


def _actes(utilisateur):
    for refus in SansRappel.objects.filter(utilisateur=utilisateur):
        yield {"Rappel « proposer une brève » refusé": "oui", "Le": refus.le}
    for numero in Numero.objects.filter(auteur=utilisateur).order_by("pk"):
        yield {"Lettre préparée": str(numero), "Le": numero.cree_le}
    for numero in Numero.objects.filter(lance_par=utilisateur).order_by("pk"):
        yield {"Lettre envoyée": str(numero), "Le": numero.lance_le}
    for envoi in Envoi.objects.filter(decide_par=utilisateur).select_related("numero").order_by("pk"):
        yield {"Envoi incertain ou refusé de la lettre décidé": str(envoi.numero), "Le": envoi.decide_le}
    for depot in ImportAbonnes.objects.filter(depose_par=utilisateur).order_by("pk"):
        yield {"Liste importée": depot.nom, "Le": depot.cree_le}
    for mention in MentionConsentement.objects.filter(par=utilisateur).order_by("pk"):
        yield {"Mention de consentement écrite": str(mention), "Le": mention.cree_le}
