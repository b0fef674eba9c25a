"""After a merge no row is lost, every relation has followed and every old address redirects."""

from datetime import date

import pytest
from django.apps import apps
from django.utils import timezone

from annuaire.actions import TransitionInterdite, fusion
from annuaire.models import (
    AncienneAdresse,
    AncienneCle,
    Competence,
    Contact,
    Echange,
    ImportStructures,
    Label,
    LabelStructure,
    LigneImport,
    MessageRelaye,
    Modification,
    NonDoublon,
    Photo,
    Rattachement,
    Signalement,
    Structure,
)
from pole_ess.socle.models import Courriel, ReglagesPole
from tests.factories import ActiviteFactory, RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.registres import garnir_registres
from tests.newsletter.garniture import garnir_lettre
from tests.ressources.garniture import garnir as garnir_annonces
from tests.reunions.garniture import garnir_reunions


def garnir(structure):
    """One row at least of every model that points to a structure."""
    tiers = StructureFactory(nom="Tiers")
    structure.activites.add(ActiviteFactory())
    structure.competences.add(Competence.objects.create(nom="Soudure", slug="soudure"))
    AncienneAdresse.objects.create(slug="tres-ancienne", structure=structure)
    AncienneCle.objects.create(source="rna", cle="W000", structure=structure)
    LabelStructure.objects.create(structure=structure, label=Label.objects.create(nom="ESUS", slug="esus"))
    Photo.objects.create(structure=structure, fichier="photos/x.webp", alternative="La façade")
    Contact.objects.create(structure=structure, nom="Camille Exemple").save()
    Echange.objects.create(structure=structure, date=date(2026, 1, 2), note="Rappeler lundi")
    RattachementFactory(structure=structure, role="referent")
    Rattachement.objects.create(structure=structure, courriel="invite@example.org", etat="invite")
    Modification.objects.create(structure=structure, avant={"nom": "a"}, apres={"nom": "b"})
    Signalement.objects.create(structure=structure, genre="erreur", texte="Faute")
    MessageRelaye.objects.create(
        structure=structure, nom="A", courriel="a@example.org", texte="b", cle="6f1e9b6e-0a6c-4b6a-9a3c-0d7cf5b1a111"
    )
    NonDoublon.objects.create(
        **dict(zip(["structure_a", "structure_b"], sorted([structure, tiers], key=lambda s: s.pk), strict=True))
    )
    depot = ImportStructures.objects.create(nom="f.csv", source="hub")
    LigneImport.objects.create(import_structures=depot, numero=2, statut="creee", structure=structure)
    garnir_registres(structure)
    garnir_annonces(structure)
    garnir_reunions(structure)
    garnir_lettre(structure)
    return tiers


def comptes():
    return {
        modele._meta.label: modele._base_manager.count()
        for modele in apps.get_models(include_auto_created=True)
        if not modele._meta.label.startswith(("procrastinate", "socle.Courriel")) and modele._meta.managed
    }


def test_toute_relation_vers_structure_a_sa_regle():
    assert set(fusion.FUSION_REGLES) == set(fusion.relations())


def test_tout_champ_de_structure_a_sa_regle():
    choisis = {champ for champs in fusion.GROUPES.values() for champ in champs}
    calcules = {"id", "tri", "recherche", "recherche_trgm", "recherche_vecteur", "activites_index", "competences_index"}
    concrets = {champ.name for champ in Structure._meta.concrete_fields}
    assert choisis | set(fusion.AUTOMATIQUES) == concrets - calcules
    assert choisis & set(fusion.AUTOMATIQUES) == set()


def test_relation_sans_regle_arrete_la_fusion(monkeypatch, animateur):
    a, b = StructureFactory(), StructureFactory()
    monkeypatch.delitem(fusion.FUSION_REGLES, "annuaire.photo.structure")
    with pytest.raises(LookupError, match="photo"):
        fusion.fusionner(a, b, par=animateur)
    assert Structure.objects.filter(pk=b.pk).exists()


def test_rien_ne_se_perd(animateur):
    garder = StructureFactory(nom="La Ressourcerie")
    absorber = StructureFactory(nom="Ressourcerie", slug="ressourcerie", source="hub", source_cle="42")
    tiers = garnir(absorber)
    NonDoublon.objects.create(structure_a=garder, structure_b=absorber)
    Courriel.objects.create(
        gabarit="x",
        destinataire="a@example.org",
        sujet="s",
        message_id="<1@x>",
        objet_type="annuaire.structure",
        objet_id=str(absorber.pk),
    )
    for cle, (modele, champ) in fusion.relations().items():
        assert modele._base_manager.filter(**{champ: absorber.pk}).exists(), f"{cle}: no row to follow"
    ReglagesPole.actuels().save()
    avant, cle_absorbee = comptes(), absorber.pk
    fusion.fusionner(garder, absorber, par=animateur)
    apres = comptes()

    differences = {modele: apres[modele] - avant[modele] for modele in avant if apres[modele] != avant[modele]}
    assert differences == {
        "annuaire.Structure": -1,
        "annuaire.NonDoublon": -1,  # the pair of the two themselves
        "annuaire.AncienneAdresse": 1,
        "annuaire.AncienneCle": 1,
        # What the merge wrote: the kept sheet, its tags, the deletion, and each row that moved.
        "annuaire.HistoricalStructure": 4,
        "annuaire.HistoricalStructure_activites": 2,
        "annuaire.HistoricalStructure_competences": 1,
        "annuaire.HistoricalContact": 1,
        "annuaire.HistoricalRattachement": 2,
        "ressources.HistoricalAnnonce": 3,
    }
    for cle, (modele, champ) in fusion.relations().items():
        if fusion.FUSION_REGLES[cle] is not fusion._laisser:
            assert not modele._base_manager.filter(**{champ: cle_absorbee}).exists(), cle
    assert NonDoublon.objects.filter(structure_a__in=[garder, tiers], structure_b__in=[garder, tiers]).count() == 1
    assert Courriel.objects.filter(objet_id=str(garder.pk), gabarit="x").count() == 1
    assert Structure.history.filter(id=cle_absorbee, history_type="-").get().history_user == animateur


def test_adresses_et_cles_suivent(animateur):
    garder = StructureFactory(source="hub", source_cle="1")
    absorber = StructureFactory(slug="b", source="hub", source_cle="2")
    AncienneAdresse.objects.create(slug="c", structure=absorber)
    fusion.fusionner(garder, absorber, par=animateur)
    assert set(garder.anciennes_adresses.values_list("slug", flat=True)) == {"b", "c"}
    assert list(Structure.objects.par_cle("hub", "1")) == [garder]
    assert list(Structure.objects.par_cle("hub", "2")) == [garder]
    assert list(Structure.objects.par_cle("autre", "2")) == []
    assert list(Structure.objects.par_cle("hub", "")) == []
    assert Structure.objects.slug_libre("b") == "b-2"


def test_choix_champ_par_champ(animateur):
    garder = StructureFactory(nom="A", telephone="04 70 00 00 01", sigle="", site="https://a.example.org", benevoles=3)
    absorber = StructureFactory(
        nom="B",
        telephone="04 70 00 00 02",
        telephone_public=True,
        public_source="dit en réunion",
        sigle="BB",
        site="https://b.example.org",
        champs_humains=["horaires"],
        benevoles=0,
    )
    fusion.fusionner(garder, absorber, {"nom": "absorber", "telephone": "absorber"}, par=animateur)
    garder.refresh_from_db()
    assert (garder.nom, garder.telephone, garder.telephone_public) == ("B", "04 70 00 00 02", True)
    assert (garder.sigle, garder.site, garder.benevoles) == ("BB", "https://a.example.org", 3)
    assert garder.public_source == "dit en réunion"
    assert garder.champs_humains == ["horaires", "nom", "public_source", "sigle", "telephone", "telephone_public"]


def test_position_reste_entiere(animateur):
    garder = StructureFactory()
    absorber = StructureFactory(latitude=46.1, longitude=3.4, position_origine="main")
    fusion.fusionner(garder, absorber, par=animateur)
    garder.refresh_from_db()
    assert (garder.latitude, garder.longitude, garder.position_origine) == (46.1, 3.4, "main")


def test_etat_et_dates(animateur):
    garder = StructureFactory(etat="a_valider", verifiee_le=date(2020, 1, 1), verifiee_par="reunion")
    absorber = StructureFactory(
        etat="publiee",
        verifiee_le=date(2025, 5, 5),
        verifiee_par="equipe",
        verifiee_note="appel",
        relancee_le=date(2025, 1, 1),
    )
    fusion.fusionner(garder, absorber, par=animateur)
    garder.refresh_from_db()
    assert (garder.etat, garder.publiee_le) == ("publiee", absorber.publiee_le)
    assert (garder.verifiee_le, garder.verifiee_par, garder.verifiee_note) == (date(2025, 5, 5), "equipe", "appel")
    assert garder.relancee_le == date(2025, 1, 1)


@pytest.mark.parametrize("role_garder", ["membre", "referent"])
@pytest.mark.parametrize(("etat_absorber", "attendu"), [("actif", "referent"), ("demande", None)])
def test_meme_personne_des_deux_cotes(animateur, role_garder, etat_absorber, attendu):
    lien = RattachementFactory(role=role_garder)
    absorber = StructureFactory()
    Rattachement.objects.create(
        utilisateur=lien.utilisateur,
        structure=absorber,
        role="referent",
        etat=etat_absorber,
        actif_depuis=timezone.now() if etat_absorber == "actif" else None,
    )
    fusion.fusionner(lien.structure, absorber, par=animateur)
    reste = Rattachement.objects.get()
    # A mere request never raises a role.
    assert (reste.structure, reste.role, reste.etat) == (lien.structure, attendu or role_garder, "actif")


def test_meme_label_garde_la_fin_la_plus_tardive(animateur):
    label = Label.objects.create(nom="ESUS", slug="esus")
    garder, absorber = StructureFactory(), StructureFactory()
    LabelStructure.objects.create(structure=garder, label=label, expire_le=date(2026, 1, 1))
    LabelStructure.objects.create(structure=absorber, label=label, expire_le=date(2028, 1, 1))
    fusion.fusionner(garder, absorber, par=animateur)
    assert LabelStructure.objects.get().expire_le == date(2028, 1, 1)


def test_paire_distincte_commune_reste_unique_et_ordonnee(animateur):
    garder, tiers, absorber = StructureFactory(), StructureFactory(), StructureFactory()
    NonDoublon.objects.create(structure_a=garder, structure_b=tiers)
    NonDoublon.objects.create(structure_a=tiers, structure_b=absorber)
    fusion.fusionner(garder, absorber, par=animateur)
    assert NonDoublon.objects.values_list("structure_a", "structure_b").get() == (garder.pk, tiers.pk)


def test_referents_de_la_fiche_absorbee_sont_prevenus(animateur):
    garder, absorber = StructureFactory(nom="Kept"), StructureFactory(nom="Gone")
    referent = RattachementFactory(structure=absorber, role="referent").utilisateur
    fusion.fusionner(garder, absorber, par=animateur)
    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.sujet) == (referent.email, "Deux fiches réunies : « Kept »")
    assert f"/annuaire/{garder.slug}/" in courriel.texte


def test_refus(animateur):
    a, b = StructureFactory(), StructureFactory(est_demonstration=True)
    with pytest.raises(ValueError, match="elle-même"):
        fusion.fusionner(a, a, par=animateur)
    with pytest.raises(TransitionInterdite, match="démonstration"):
        fusion.fusionner(a, b, par=animateur)
    with pytest.raises(ValueError, match="choix"):
        fusion.fusionner(a, StructureFactory(), {"id": "absorber"}, par=animateur)
    with pytest.raises(ValueError, match="choix"):
        fusion.fusionner(a, StructureFactory(), {"nom": "les deux"}, par=animateur)
    c = StructureFactory()
    fusion.fusionner(a, Structure.objects.get(pk=c.pk), par=UtilisateurFactory())
    with pytest.raises(TransitionInterdite, match="déjà été fusionnée"):
        fusion.fusionner(a, c, par=animateur)
