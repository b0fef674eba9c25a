"""Who accepts to be called in urgency: a person for themselves, a structure for its référents."""

from django.db import transaction

from ressources.models import PreferenceUrgences, ReglagesUrgences


def preference_de(utilisateur) -> PreferenceUrgences:
    """Its row, or the defaults, not written (a GET never writes)."""
    trouvee = PreferenceUrgences.objects.filter(utilisateur=utilisateur).select_related("commune").first()
    return trouvee or PreferenceUrgences(utilisateur=utilisateur)


@transaction.atomic
def choisir(utilisateur, **valeurs) -> None:
    PreferenceUrgences.objects.update_or_create(utilisateur=utilisateur, defaults=valeurs)


@transaction.atomic
def ne_plus_appeler(utilisateur) -> None:
    """« Ne plus m'appeler », from a mail: no urgent call any more, whatever the structure accepts."""
    choisir(utilisateur, accepte=PreferenceUrgences.Accepte.JAMAIS)


@transaction.atomic
def regler(structure, *, accepte, rayon, referents) -> None:
    """What the structure accepts; `referents` empty: the first ones."""
    reglages, _ = ReglagesUrgences.objects.update_or_create(
        structure=structure, defaults={"accepte": accepte, "rayon": rayon}
    )
    reglages.referents.set(referents)
