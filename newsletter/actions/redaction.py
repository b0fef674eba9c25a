"""Writing an issue: filled with what is new, its words and its order changed. Every act locks the issue's row."""

import hashlib

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format

from newsletter import composition, nouveautes
from newsletter.models import Bloc, Element, Numero
from pole_ess.socle.models import ReglagesPole
from reunions.actions import ordre as rangs

from . import TransitionInterdite

CLE_DU_BROUILLON = "newsletter.brouillon"
BLOCS_MAX = 30


class TexteChange(TransitionInterdite):
    """Somebody else wrote these words meanwhile: `objet`, as they left it."""

    def __init__(self, objet):
        self.objet = objet
        super().__init__("Quelqu'un d'autre a modifié ces mots entre-temps.")


def empreinte(*mots: str) -> str:
    """What a form has read of the words that it would replace."""
    return hashlib.sha256("\0".join(mots).encode()).hexdigest()[:16]


def verrouiller(numero: Numero) -> Numero:
    """The fresh row, locked, while its words may still change. Raises TransitionInterdite."""
    frais = Numero.objects.select_for_update().get(pk=numero.pk)
    if not frais.modifiable:
        raise TransitionInterdite(f"« {frais} » est {frais.get_etat_display()} : ses mots ne changent plus.")
    return frais


def marquer(frais: Numero, *champs: str) -> Numero:
    """A change that whoever re-read the issue has not seen: the version that they would send is no longer the last."""
    frais.version += 1
    frais.save(update_fields=["version", "modifie_le", *champs])
    return frais


@transaction.atomic
def preparer(*, par) -> Numero:
    """« Préparer la lettre »: the draft in progress, or a new one, filled. Asked twice at once, one draft."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [CLE_DU_BROUILLON])
    numero = Numero.objects.filter(etat__in=["brouillon", "programme"]).order_by("-cree_le", "-pk").first()
    if numero is None:
        pole, mois = ReglagesPole.actuels(), date_format(timezone.localdate(), "F Y")
        numero = Numero.objects.create(sujet=f"La lettre du {pole.nom}, {mois}"[:150], auteur=par)
    remplir(numero)
    return numero


@transaction.atomic
def remplir(numero: Numero) -> tuple[int, int]:
    """Add what is new and not said yet, take off what is no longer true: (added, taken off).

    Order, words and dropped items of the staff stay as they are. Beyond PROPOSES in a block, items come dropped.
    """
    frais = verrouiller(numero)
    retires = _retirer_perimes(frais)
    blocs = {bloc.genre: bloc for bloc in frais.blocs.exclude(genre=Bloc.Genre.TEXTE)}
    ajoutes = 0
    for genre, objets in nouveautes.a_proposer(frais).items():
        if not objets:
            continue
        bloc = blocs.get(genre) or frais.blocs.create(genre=genre, ordre=_suivant(frais.blocs))
        ajoutes += _ajouter(bloc, objets)
    if ajoutes or retires:
        marquer(frais)
    return ajoutes, retires


def _ajouter(bloc: Bloc, objets: list) -> int:
    debut, gardes = _suivant(bloc.elements), bloc.elements.filter(ecarte=False).count()
    elements = [
        Element(
            numero_id=bloc.numero_id,
            bloc=bloc,
            sorte=sorte,
            ordre=debut + rang,
            ecarte=gardes + rang >= nouveautes.PROPOSES,
            **{sorte: objet},
        )
        for rang, (sorte, objet) in enumerate(objets)
    ]
    Element.objects.bulk_create(elements)
    return sum(not element.ecarte for element in elements)


def _retirer_perimes(frais: Numero) -> int:
    """Expired, past, taken off the portal, told by another issue: the row goes; what comes back may be told later."""
    elements = list(frais.elements.all())
    vivants, redites = composition.vivants(elements), composition.deja_dits_ailleurs(frais, elements)
    morts = [e.pk for e in elements if e.pk in redites or e.objet_id not in vivants[e.sorte]]
    Element.objects.filter(pk__in=morts).delete()
    return len(morts)


def _suivant(lignes) -> int:
    dernier = lignes.aggregate(dernier=Max("ordre"))["dernier"]
    return 0 if dernier is None else dernier + 1


@transaction.atomic
def enregistrer_entete(numero: Numero, *, sujet: str, preheader: str, vue: str) -> Numero:
    """Subject and the line that follows it. Raises TexteChange, TransitionInterdite."""
    frais = verrouiller(numero)
    if vue != empreinte(frais.sujet, frais.preheader) and (frais.sujet, frais.preheader) != (sujet, preheader):
        raise TexteChange(frais)
    if frais.etat == Numero.Etat.PROGRAMME and not sujet.strip():
        raise TransitionInterdite("Cette lettre est programmée : elle ne peut pas perdre son sujet.")
    frais.sujet, frais.preheader = sujet, preheader
    return marquer(frais, "sujet", "preheader")


@transaction.atomic
def ajouter_texte(numero: Numero, *, titre: str = "", texte: str = "") -> Bloc:
    """Free words, first in the letter."""
    frais = verrouiller(numero)
    if frais.blocs.count() >= BLOCS_MAX:
        raise TransitionInterdite(f"{BLOCS_MAX} blocs au plus : retirez-en un d'abord.")
    bloc = frais.blocs.create(genre=Bloc.Genre.TEXTE, titre=titre, texte=texte, ordre=_suivant(frais.blocs))
    rangs.renumeroter([bloc, *frais.blocs.exclude(pk=bloc.pk)])
    marquer(frais)
    return bloc


@transaction.atomic
def enregistrer_bloc(bloc: Bloc, *, titre: str, texte: str, vue: str) -> Bloc:
    """A block's title and words. Raises TexteChange, TransitionInterdite."""
    numero = verrouiller(bloc.numero)
    frais = Bloc.objects.get(pk=bloc.pk)
    if vue != empreinte(frais.titre, frais.texte) and (frais.titre, frais.texte) != (titre, texte):
        raise TexteChange(frais)
    frais.titre, frais.texte = titre, texte
    frais.save(update_fields=["titre", "texte"])
    marquer(numero)
    return frais


@transaction.atomic
def retirer_bloc(bloc: Bloc) -> None:
    """Free words and their pictures go; a block of news stays, its items dropped, so that they may come back."""
    numero = verrouiller(bloc.numero)
    if bloc.genre == Bloc.Genre.TEXTE:
        Bloc.objects.filter(pk=bloc.pk).delete()
        rangs.renumeroter(numero.blocs.all())
    else:
        bloc.elements.update(ecarte=True)
    marquer(numero)


@transaction.atomic
def ecarter(element: Element, *, oui: bool = True) -> None:
    """Drop an item, or put it back where it was."""
    numero = verrouiller(element.numero)
    Element.objects.filter(pk=element.pk).update(ecarte=oui)
    marquer(numero)


@transaction.atomic
def annoter(element: Element, *, mot: str) -> None:
    """The team's word under an item."""
    numero = verrouiller(element.numero)
    Element.objects.filter(pk=element.pk).update(mot=mot)
    marquer(numero)


@transaction.atomic
def deplacer(ligne, *, sens: str, rang: int) -> None:
    """Move a block in its issue, or an item among those that are kept, one place « monter » or « descendre ».

    `rang`: where the person saw it; a button pressed twice moves once. Raises TransitionInterdite.
    """
    numero = verrouiller(ligne.numero)
    if isinstance(ligne, Bloc):
        lignes = numero.blocs.all()
    else:
        lignes = Element.objects.filter(bloc=ligne.bloc_id).order_by("ecarte", "ordre", "pk")
    rangs.deplacer(lignes, ligne, sens=sens, rang=rang)
    marquer(numero)


@transaction.atomic
def ranger(numero: Numero, *, ordre: list[int], bloc: Bloc | None = None) -> None:
    """The order given by dragging: of the blocks, or of the items of `bloc` that are kept. All of them, each once."""
    frais = verrouiller(numero)
    if bloc is None:
        lignes, suite = list(frais.blocs.all()), []
    else:
        tous = list(Element.objects.filter(bloc=bloc).order_by("ordre", "pk"))
        lignes, suite = [e for e in tous if not e.ecarte], [e for e in tous if e.ecarte]
    par_cle = {ligne.pk: ligne for ligne in lignes}
    if sorted(ordre) != sorted(par_cle):
        raise TransitionInterdite("La lettre a changé entre-temps : rechargez la page, puis recommencez.")
    rangs.renumeroter([par_cle[cle] for cle in ordre] + suite)
    marquer(frais)
