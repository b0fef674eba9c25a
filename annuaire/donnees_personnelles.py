"""What the portal knows about a member, for the member (RGPD art. 15 and 20)."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.utils import timezone

from annuaire.models import (
    Contact,
    Echange,
    EntreeRegistre,
    ImportRegistre,
    ImportStructures,
    InvitationRegistre,
    MessageRelaye,
    Modification,
    NonDoublon,
    Rattachement,
    Signalement,
    Structure,
)
from pole_ess.socle.models import Courriel
from pole_ess.socle.templatetags import francais


def _iso(valeur) -> str:
    return timezone.localtime(valeur).isoformat(timespec="minutes") if hasattr(valeur, "hour") else valeur.isoformat()


def en_francais(valeur) -> str:
    """« mercredi 26 mars 2014 à 18 h »."""
    return francais.moment(valeur) if hasattr(valeur, "hour") else francais.jour(valeur)


def structures_sans_autre_referent(utilisateur):
    """Structures that lose their last référent when this person leaves."""
    referents = Rattachement.objects.filter(role="referent", etat="actif", utilisateur__is_active=True)
    return (
        Structure.objects.filter(pk__in=referents.filter(utilisateur=utilisateur).values("structure_id"))
        .exclude(pk__in=referents.exclude(utilisateur=utilisateur).values("structure_id"))
        .exclude(etat="archivee")
        .order_by("tri", "pk")
    )


_AUTRES = []


def enregistrer(fonction):
    """An outer app adds its parts: `fonction(utilisateur, adresses)` yields (title, rows), as `_parties` does."""
    if fonction not in _AUTRES:
        _AUTRES.append(fonction)
    return fonction


def exporter(utilisateur, *, moment=_iso) -> dict:
    """Title of a part -> list of rows (label -> text), ready for JSON and for a page.

    `moment` writes dates and times: ISO 8601 for a file, French for a page.

    Never a secret: no password, no key of the second step, no text of a mail that held a code or a link.
    Rows are found by the account and by its addresses, as somebody may have written before having an account.
    """
    adresses = _adresses(utilisateur)
    parties = [("Compte", [_compte(utilisateur)]), *_parties(utilisateur, adresses)]
    return {
        titre: [{cle: _mot(valeur, moment) for cle, valeur in ligne.items()} for ligne in lignes]
        for titre, lignes in parties
    }


def _adresses(utilisateur):
    return sorted(
        {utilisateur.email.lower()}
        | {adresse.lower() for adresse in EmailAddress.objects.filter(user=utilisateur).values_list("email", flat=True)}
    )


def _compte(utilisateur):
    return {
        "Adresse e-mail": utilisateur.email,
        "Nom affiché": utilisateur.nom,
        "Inscrit le": utilisateur.date_joined,
        "Dernière connexion": utilisateur.last_login,
        "Équipe du pôle": utilisateur.is_staff,
        "Administrateur": utilisateur.is_superuser,
        "Groupes": ", ".join(utilisateur.groups.values_list("name", flat=True)),
        "Mot de passe": "choisi (gardé sous forme illisible)" if utilisateur.password else "aucun",
    }


def _parties(utilisateur, adresses):
    par_adresse = parmi("courriel", adresses)
    yield (
        "Adresses e-mail",
        (
            {"Adresse": a.email, "Confirmée": a.verified, "Principale": a.primary}
            for a in EmailAddress.objects.filter(user=utilisateur).order_by("pk")
        ),
    )
    yield (
        "Double authentification",
        (
            {"Moyen": a.get_type_display(), "Depuis": a.created_at, "Dernier usage": a.last_used_at}
            for a in Authenticator.objects.filter(user=utilisateur).order_by("pk")
        ),
    )
    yield (
        "Structures et invitations",
        (
            {
                "Structure": r.structure.nom,
                "Rôle": r.get_role_display(),
                "État": r.get_etat_display(),
                "Origine": r.get_origine_display(),
                "Message": r.message,
                "Le": r.cree_le,
            }
            for r in (
                Rattachement.objects.filter(utilisateur=utilisateur) | Rattachement.objects.filter(par_adresse)
            ).select_related("structure")
        ),
    )
    yield (
        "Invitations que vous avez envoyées",
        (
            {"Structure": r.structure.nom, "À": r.courriel, "Le": r.cree_le}
            for r in Rattachement.objects.filter(invite_par=utilisateur).select_related("structure")
        ),
    )
    yield (
        "Contact de structures",
        (
            {
                "Structure": c.structure.nom,
                "Nom": c.nom,
                "Fonction": c.fonction,
                "Téléphone": c.telephone,
                "Adresse e-mail": c.courriel,
                "Nom public": c.nom_public,
                "Accord donné le": c.consentement_le,
            }
            for c in Contact.objects.filter(par_adresse).select_related("structure")
        ),
    )
    yield (
        "Structures proposées ou joignables à votre adresse",
        (
            {"Structure": s.nom, "Proposée avec": s.courriel_proposition, "Adresse de la structure": s.courriel}
            for s in Structure.objects.filter(parmi("courriel_proposition", adresses) | par_adresse).order_by("pk")
        ),
    )
    yield (
        "Modifications de fiches",
        (
            {"Structure": m.structure.nom, "Champs": ", ".join(m.apres), "État": m.get_etat_display(), "Le": m.cree_le}
            for m in Modification.objects.filter(auteur=utilisateur).select_related("structure")
        ),
    )
    yield (
        "Messages écrits à des structures",
        (
            {"Structure": m.structure.nom, "Nom": m.nom, "Texte": m.texte, "Le": m.cree_le}
            for m in MessageRelaye.objects.filter(par_adresse).select_related("structure")
        ),
    )
    yield (
        "Signalements",
        (
            {
                "Structure": s.structure.nom,
                "Genre": s.get_genre_display(),
                "Texte": s.texte,
                "Réponse": s.reponse,
                "Le": s.cree_le,
            }
            for s in Signalement.objects.filter(par_adresse).select_related("structure")
        ),
    )
    yield (
        "Invitations à figurer dans l'annuaire",
        (
            {
                "Structure": i.entree.nom,
                "Adresse trouvée": i.source_courriel,
                "Le": i.envoyee_le,
                "Rappel": i.relancee_le,
            }
            for i in InvitationRegistre.objects.filter(par_adresse).select_related("entree").order_by("pk")
        ),
    )
    yield (
        "Messages que le portail vous a envoyés",
        (
            {
                "Sujet": c.sujet,
                "État": c.get_etat_display(),
                "Le": c.cree_le,
                "Texte": "(contenait un code ou un lien secret)" if c.confidentiel else c.texte,
            }
            for c in Courriel.objects.filter(parmi("destinataire", adresses))
        ),
    )
    for fonction in _AUTRES:
        yield from fonction(utilisateur, adresses)
    yield from _equipe(utilisateur)


def _equipe(utilisateur):
    """What only the hub's staff do."""
    yield (
        "Échanges notés pour l'équipe",
        (
            {"Structure": e.structure.nom, "Moyen": e.get_moyen_display(), "Date": e.date, "Note": e.note}
            for e in Echange.objects.filter(auteur=utilisateur).select_related("structure")
        ),
    )
    yield (
        "Relectures et réponses de l'équipe",
        [
            *(
                {"Relecture de": m.structure.nom, "Le": m.relue_le}
                for m in Modification.objects.filter(relue_par=utilisateur).select_related("structure")
            ),
            *(
                {"Réponse au signalement de": s.structure.nom, "Le": s.traite_le}
                for s in Signalement.objects.filter(traite_par=utilisateur).select_related("structure")
            ),
            *(
                {"Paire distincte": str(p), "Le": p.decide_le}
                for p in NonDoublon.objects.filter(decide_par=utilisateur)
            ),
        ],
    )
    yield (
        "Fichiers importés",
        (
            {"Fichier": i.nom, "Source": i.source, "Le": i.cree_le}
            for modele in (ImportStructures, ImportRegistre)
            for i in modele.objects.filter(depose_par=utilisateur)
        ),
    )
    yield (
        "Structures enregistrées : décisions et invitations",
        [
            *(
                {"Structure": e.nom, "Décision": e.get_etat_display(), "Le": e.decidee_le}
                for e in EntreeRegistre.objects.filter(decidee_par=utilisateur).order_by("pk")
            ),
            *(
                {"Invitation de": i.entree.nom, "Le": i.envoyee_le}
                for i in InvitationRegistre.objects.filter(envoyee_par=utilisateur).select_related("entree")
            ),
        ],
    )
    yield (
        "Journal de l'administration",
        (
            {"Le": e.action_time, "Objet": e.object_repr, "Action": e.get_change_message()}
            for e in LogEntry.objects.filter(user=utilisateur).select_related("content_type")
        ),
    )
    yield (
        "Historique des fiches et des rôles",
        (
            {"Quoi": str(h.instance), "Action": h.get_history_type_display(), "Le": h.history_date}
            for modele in (Structure, Contact, Rattachement)
            for h in modele.history.filter(history_user=utilisateur).order_by("history_date")
        ),
    )


def parmi(champ, adresses) -> Q:
    """Rows whose `champ` is one of these addresses, whatever the case."""
    condition = Q(pk__in=[])
    for adresse in adresses:
        condition |= Q(**{f"{champ}__iexact": adresse})
    return condition


def _mot(valeur, moment) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    return moment(valeur) if hasattr(valeur, "isoformat") else str(valeur)
