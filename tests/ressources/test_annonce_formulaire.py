"""The form of an announcement: by sense, nature and mode, as French people fill it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from annuaire.forms import champs
from ressources.forms.annonce import AnnonceForm
from ressources.modes import REGLES
from ressources.natures import CHAMPS_DE_NATURE, PROFILS
from tests.factories import RattachementFactory, StructureFactory
from tests.factories.ressources import AnnonceFactory, CategorieFactory
from tests.images import image

pytestmark = pytest.mark.django_db
JUSTE = {"titre": "Vingt chaises", "description": "Pliantes, en bois.", "mode": "pret"}


def dans(jours) -> str:
    return f"{timezone.localdate() + timedelta(days=jours):%d/%m/%Y}"


class Lu(AnnonceForm):
    def lire(self):
        assert self.is_valid(), self.errors
        return self


def form(utilisateur, *, sens="offre", nature="materiel", annonce=None, complet=True, fichiers=None, **saisie):
    donnees = MultiValueDict()
    for nom, valeur in ({"expire_le": dans(30)} | saisie).items():
        donnees[nom] = valeur
    return Lu(donnees, fichiers, sens=sens, nature=nature, utilisateur=utilisateur, annonce=annonce, complet=complet)


@pytest.mark.parametrize("sens", ["offre", "besoin"])
@pytest.mark.parametrize("nature", list(PROFILS))
def test_chaque_nature_montre_ses_champs_et_eux_seuls(referent, nature, sens):
    vide = AnnonceForm(sens=sens, nature=nature, utilisateur=referent)
    assert set(vide.fields) & CHAMPS_DE_NATURE == set(PROFILS[nature].champs)
    assert ("caution" in vide.fields) == any(REGLES[mode].caution for mode in PROFILS[nature].modes)
    assert ("prix" in vide.fields) == any(REGLES[mode].payant for mode in PROFILS[nature].modes)
    assert ("partage" in vide.fields) == (nature == "materiel" and sens == "offre")
    montres = sorted(champ.name for _, champs, _ in vide.sections() for champ in champs)
    attendus = sorted(nom for nom in vide.fields if nom not in ("cle", "version") and "periode" not in nom)
    assert montres == attendus, "each field is shown once"


@pytest.mark.parametrize(("nature", "mode"), [(n, mode) for n, profil in PROFILS.items() for mode in profil.modes])
@pytest.mark.parametrize("sens", ["offre", "besoin"])
def test_chaque_mode_de_chaque_nature_s_enregistre(referent, nature, mode, sens):
    saisie = {"titre": "Titre", "description": "Texte", "mode": mode}
    if REGLES[mode].payant:
        saisie |= {"prix": "1 250,50", "prix_unite": REGLES[mode].unites[0]}
    if REGLES[mode].caution:
        saisie["caution"] = "50 €"
    lu = form(referent, sens=sens, nature=nature, **saisie)
    assert lu.is_valid(), lu.errors
    assert lu.valeurs()["mode"] == mode
    if REGLES[mode].payant:
        assert lu.valeurs()["prix"] == Decimal("1250.50")


def test_un_mode_d_une_autre_nature_est_refuse(referent):
    assert list(form(referent, nature="local", **JUSTE | {"mode": "vente"}).errors) == ["mode"]
    seul = form(referent, nature="benevolat", **JUSTE | {"mode": "vente"})
    assert seul.is_valid()
    assert seul.valeurs()["mode"] == "service_gratuit", "the only mode of this nature is not asked"


@pytest.mark.parametrize(
    ("saisie", "champ", "phrase"),
    [
        ({"mode": "vente"}, "prix", "Donnez un prix"),
        ({"mode": "vente", "prix": "12", "prix_sur_demande": "on"}, "prix", "pas les deux"),
        ({"mode": "pret", "prix": "12"}, "prix", "Un prêt n'a pas de prix"),
        ({"mode": "don", "prix_sur_demande": "on"}, "prix_sur_demande", "Un don n'a pas de prix"),
        ({"mode": "don", "caution": "50"}, "caution", "Un don n'a pas de caution"),
        ({"mode": "don", "contrepartie": "du miel"}, "contrepartie", "Un don n'a pas de contrepartie"),
        ({"mode": "vente", "prix": "12", "prix_unite": "jour"}, "prix_unite", "« en tout », « la pièce »"),
        ({"mode": "pret", "partage": "choisi", "quantite": "20"}, "partage", "Un prêt ne se partage pas"),
        ({"mode": "don", "partage": "choisi", "quantite": "1"}, "quantite", "deux au moins"),
        ({"mode": "vente", "prix": "beaucoup"}, "prix", "Exemple : 1 250,50"),
        ({"quantite": "0"}, "quantite", ""),
        ({"quantite": "9" * 12}, "quantite", ""),
        ({"expire_le": ""}, "expire_le", ""),
        ({"titre": ""}, "titre", ""),
        ({"description": " "}, "description", ""),
        ({"mode": ""}, "mode", "Choisissez"),
        ({"urgente_pour": "12/03/2020"}, "urgente_pour", "passée"),
        ({"urgente_pour": "bientôt"}, "urgente_pour", "12/03/2027"),
        ({"commune": "Nulle-Part"}, "commune", "ne connaissons pas"),
    ],
)
def test_ce_qui_ne_va_pas_est_dit_une_fois(referent, saisie, champ, phrase):
    lu = form(referent, **JUSTE | saisie)
    assert list(lu.errors) == [champ]
    assert len(lu.errors[champ]) == 1
    assert phrase in lu.errors[champ][0]


def test_un_besoin_n_a_pas_a_donner_son_budget(referent):
    lu = form(referent, sens="besoin", **JUSTE | {"mode": "location"})
    assert lu.is_valid(), lu.errors
    assert lu.fields["prix"].label == "Budget (€)"
    faux = form(referent, sens="besoin", **JUSTE | {"mode": "pret", "prix": "5"})
    assert "Un prêt n'a pas de budget" in faux.errors["prix"][0]


@pytest.mark.parametrize("jours", [-1, 0, 366])
def test_la_validite_est_entre_demain_et_un_an(referent, jours):
    assert list(form(referent, **JUSTE | {"expire_le": dans(jours)}).errors) == ["expire_le"]


@pytest.mark.parametrize("jours", [1, 365])
def test_la_validite_peut_aller_a_ses_bornes(referent, jours):
    assert form(referent, **JUSTE | {"expire_le": dans(jours)}).errors == {}


@pytest.mark.parametrize(
    ("tape", "minutes"), [("1 h 30", 90), ("90", 90), ("45 min", 45), ("2 heures", 120), ("", None)]
)
def test_la_duree_se_tape_comme_on_parle(referent, tape, minutes):
    lu = form(referent, nature="artiste", titre="Bal", description="Bal", mode="service_gratuit", duree_minutes=tape)
    assert lu.is_valid(), lu.errors
    assert lu.valeurs()["duree_minutes"] == minutes


@pytest.mark.parametrize("tape", ["longtemps", "0", "-5", "h", "1 h 30 x", "999999"])
def test_une_duree_incomprise_est_dite(referent, tape):
    lu = form(referent, nature="artiste", titre="Bal", description="Bal", mode="service_gratuit", duree_minutes=tape)
    assert list(lu.errors) == ["duree_minutes"]


def test_les_periodes_se_lisent_dans_l_ordre_et_sans_trou(referent):
    an = timezone.localdate().year + 1
    lu = form(
        referent,
        **JUSTE,
        periode_debut_0=f"12/05/{an}",
        periode_fin_0=f"14 mai {an}",
        periode_debut_3=f"1er mars {an}",
        periode_fin_3="",
        periode_debut_7="",
        periode_fin_7="",
    )
    assert lu.is_valid(), lu.errors
    assert lu.valeurs()["periodes"] == [(date(an, 3, 1), date(an, 3, 1)), (date(an, 5, 12), date(an, 5, 14))]


@pytest.mark.parametrize(
    ("debut", "fin", "champ"),
    [
        ("", "12/05/2090", "debut"),
        ("14/05/2090", "12/05/2090", "fin"),
        ("31/02/2090", "", "debut"),
        ("1/1/2020", "", "fin"),
    ],
)
def test_une_periode_fausse_est_montree(referent, debut, fin, champ):
    lu = form(referent, **JUSTE, periode_debut_2=debut, periode_fin_2=fin)
    assert list(lu.errors) == [f"periode_{champ}_2"]
    assert "periodes" not in lu.valeurs()


def test_une_periode_passee_deja_la_ne_gene_pas(structure, referent):
    annonce = AnnonceFactory(structure=structure)
    annonce.periodes.create(debut=date(2026, 1, 1), fin=date(2026, 1, 2))
    lu = form(referent, annonce=annonce, **JUSTE, periode_debut_0="01/01/2026", periode_fin_0="02/01/2026")
    assert lu.is_valid(), lu.errors


def test_un_brouillon_peut_manquer_de_tout_et_garde_ce_qui_est_compris(referent):
    lu = form(referent, complet=False, titre="", mode="vente", prix="beaucoup", quantite="12", expire_le="")
    assert list(lu.errors) == ["prix"]
    valeurs = lu.valeurs()
    assert (valeurs["mode"], valeurs["quantite"]) == ("vente", 12)
    assert "prix" not in valeurs


def test_une_seule_structure_ne_se_choisit_pas(structure, referent):
    lu = form(referent, **JUSTE)
    assert "structure" not in lu.fields
    assert lu.is_valid()
    assert lu.structure_choisie == structure


def test_plusieurs_structures_se_choisissent_parmi_les_siennes(structure, referent):
    autre = RattachementFactory(utilisateur=referent, role="referent").structure
    RattachementFactory(utilisateur=referent, role="membre")
    lu = form(referent, **JUSTE, structure=str(autre.pk))
    assert set(lu.fields["structure"].queryset) == {structure, autre}
    assert lu.is_valid()
    assert lu.structure_choisie == autre
    assert list(form(referent, **JUSTE).errors) == ["structure"]
    assert list(form(referent, **JUSTE, structure=str(StructureFactory().pk)).errors) == ["structure"]


def test_l_equipe_publie_au_nom_de_toute_structure_publiee(animateur):
    cafe = StructureFactory(nom="Café d'ici", commune__nom="Vichy")
    assert form(animateur, **JUSTE, structure="café d'ici").lire().structure_choisie == cafe
    StructureFactory(nom="Café d'ici", commune__nom="Gannat")
    double = form(animateur, **JUSTE, structure="Café d'ici")
    assert "Café d'ici (Gannat)" in double.errors["structure"][0]
    assert form(animateur, **JUSTE, structure="Café d'ici (Vichy)").lire().structure_choisie == cafe
    cachee = StructureFactory(nom="Cachée", etat="a_valider")
    assert list(form(animateur, **JUSTE, structure=cachee.nom).errors) == ["structure"]


def test_les_categories_sont_celles_de_la_nature(referent):
    bonne, autre = CategorieFactory(nature="materiel"), CategorieFactory(nature="local")
    assert form(referent, **JUSTE, categorie=str(bonne.pk)).is_valid()
    assert list(form(referent, **JUSTE, categorie=str(autre.pk)).errors) == ["categorie"]


def test_la_premiere_photo_demande_sa_description(referent):
    lu = form(referent, **JUSTE, fichiers={"photo": image()})
    assert list(lu.errors) == ["photo_alternative"]
    assert lu.premiere_photo is None
    bon = form(referent, **JUSTE, photo_alternative="Vingt chaises", fichiers={"photo": image(taille=(1000, 800))})
    assert bon.is_valid(), bon.errors
    images = bon.premiere_photo["images"]
    assert images["vignette"].size < images["fichier"].size


@pytest.mark.parametrize(
    "octets", [b"GIF89a" + b"0" * 50, b"<svg onload='alert(1)'></svg>", b"\x89PNG\r\n\x1a\n" + b"0" * 9]
)
def test_une_photo_qui_ment_est_refusee_et_le_reste_garde(referent, octets):
    photo = SimpleUploadedFile("chaises.jpg", octets, content_type="image/jpeg")
    lu = form(referent, **JUSTE, photo_alternative="Chaises", fichiers={"photo": photo})
    assert list(lu.errors) == ["photo"]
    assert lu.valeurs()["titre"] == "Vingt chaises"


def test_relire_dit_ce_qui_manque(structure, referent):
    annonce = AnnonceFactory(structure=structure, etat="brouillon", description="", expire_le=None, publiee_le=None)
    annonce.periodes.create(debut=timezone.localdate(), fin=timezone.localdate())
    manques = AnnonceForm.relire(annonce, referent)
    assert list(manques.errors) == ["description"]
    annonce.description = "Assez."
    assert AnnonceForm.relire(annonce, referent).errors == {}


@pytest.mark.parametrize(("nature", "mode"), [(n, profil.modes[-1]) for n, profil in PROFILS.items()])
def test_ce_que_le_formulaire_montre_se_relit_tel_quel(structure, referent, nature, mode):
    """Nothing changes when a page is sent back as it was shown: no field is lost, no amount misread."""
    valeurs = {"prix": Decimal("1250.5"), "prix_unite": REGLES[mode].unites[0]} if REGLES[mode].payant else {}
    annonce = AnnonceFactory(structure=structure, nature=nature, mode=mode, etat="brouillon", **valeurs)
    if "duree_minutes" in PROFILS[nature].champs:
        annonce.duree_minutes = 95
    lu = AnnonceForm.relire(annonce, referent)
    assert lu.errors == {}
    for champ, valeur in lu.valeurs().items():
        if champ not in ("expire_le", "periodes"):
            assert getattr(annonce, champ) == valeur, champ


def test_a_number_out_of_bounds_is_told_in_plain_words():
    champ = champs.ChampEntier(min_value=1, max_value=1_000_000, error_messages={"min_value": "Une au moins."})
    for saisi, dit in (("1 000 001", "Pas plus de 1\u00a0000\u00a0000."), ("0", "Une au moins.")):
        with pytest.raises(ValidationError) as refus:
            champ.clean(saisi)
        assert refus.value.messages == [dit]
    assert champ.clean("1\u202f200") == 1200
