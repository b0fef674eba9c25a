"""Erasing a person, on a database that holds at least one row of every model, each speaking of them."""

import hashlib
import io
import json
from datetime import date

import openpyxl
import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from annuaire import oppositions
from annuaire.actions.effacement import ERASURE, EffacementRefuse, effacer_personne, effacer_utilisateur
from annuaire.actions.effacement_regles import Personne, champs_de_texte
from annuaire.models import (
    AncienneAdresse,
    AncienneCle,
    Avis,
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
    Opposition,
    PauseNotifications,
    Photo,
    PreferenceNotification,
    Rattachement,
    Resume,
    Signalement,
    Structure,
    Utilisateur,
)
from annuaire.texte import caviarder, motif_adresse, motif_nom
from pole_ess.socle.limites import compter
from pole_ess.socle.models import Compteur, Courriel, CourrielEntrant, JetonUtilise, ReglagesPole
from tests.factories import ActiviteFactory, RattachementFactory, StructureFactory, UtilisateurFactory
from tests.factories.registres import garnir_registres
from tests.newsletter.garniture import garnir_lettre
from tests.ressources.garniture import garnir
from tests.reunions.garniture import garnir_reunions

NOM, COURRIEL = "Léa Durand-Exemple", "lea.durand@example.org"
TEXTES = [f"Vu avec {NOM} ({COURRIEL}), présidente", COURRIEL, NOM]


def lignes(modele):
    return modele._base_manager.count()


@pytest.fixture
def monde(db):
    """One row at least of every model; every text that fits speaks of Léa."""
    lea = UtilisateurFactory(email=COURRIEL, nom=NOM, groupes=["Animateurs"], is_staff=True)
    lea.user_permissions.add(Permission.objects.first())
    Group.objects.get(name="Animateurs").permissions.add(Permission.objects.first())
    EmailConfirmation.objects.create(email_address=EmailAddress.objects.get(user=lea), key="k", created=timezone.now())
    Authenticator.objects.create(user=lea, type="totp", data={"secret": "x"})
    structure = StructureFactory(nom="Les Amis de la Sauge", courriel=COURRIEL, courriel_proposition=COURRIEL)
    structure.activites.add(ActiviteFactory())
    structure.competences.add(Competence.objects.create(nom="Soudure", slug="soudure"))
    structure.save()
    _autour_de_la_structure(structure, lea)
    garnir(structure, lea)
    garnir_reunions(structure, lea)
    garnir_lettre(structure, lea)
    _socle(structure, lea)
    _remplir()
    return lea, structure


def _autour_de_la_structure(structure, lea):
    AncienneAdresse.objects.create(slug="amis-sauge", structure=structure)
    AncienneCle.objects.create(source="rna", cle="W000", structure=structure)
    LabelStructure.objects.create(structure=structure, label=Label.objects.create(nom="ESUS", slug="esus"))
    Photo.objects.create(structure=structure, fichier="photos/x.webp", alternative="Portrait")
    contact = Contact.objects.create(structure=structure, nom="Autre", courriel="")
    Contact.objects.create(structure=structure, nom=NOM, courriel=COURRIEL.upper())
    Contact.objects.create(structure=structure, nom=NOM.lower())
    contact.nom = NOM  # a name that only the history still holds
    contact.save()
    contact.nom = "Autre"
    contact.save()
    Echange.objects.create(structure=structure, date=date(2026, 1, 2), auteur=lea, interlocuteur=NOM)
    RattachementFactory(structure=structure, utilisateur=lea, role="referent")
    RattachementFactory(structure=structure, invite_par=lea)
    PreferenceNotification.objects.create(utilisateur=lea, sorte="suites", rythme="jamais")
    PauseNotifications.objects.create(utilisateur=lea, jusqu_au=timezone.localdate())
    resume = Resume.objects.create(utilisateur=lea, rythme="quotidien", periode=date(2026, 1, 2))
    regle = {"etat": "resume", "resume": resume, "regle_le": timezone.now()}
    Avis.objects.create(utilisateur=lea, sorte="suites", cle="1", titre=NOM, **regle)
    Avis.objects.create(utilisateur=UtilisateurFactory(), sorte="suites", cle="1", titre=f"Du nouveau : {NOM}")
    Rattachement.objects.create(structure=structure, courriel=COURRIEL, etat="invite")
    Modification.objects.create(
        structure=structure, auteur=lea, avant={"presentation": [NOM, {COURRIEL: 1}]}, apres={"presentation": ""}
    )
    Signalement.objects.create(structure=structure, genre="retrait", nom=NOM, courriel=COURRIEL, texte="Retirez-moi")
    Signalement.objects.create(structure=structure, genre="erreur", courriel="autre@example.org", texte="x")
    MessageRelaye.objects.create(
        structure=structure, nom=NOM, courriel=COURRIEL, texte="b", cle="6f1e9b6e-0a6c-4b6a-9a3c-0d7cf5b1a111"
    )
    MessageRelaye.objects.create(
        structure=structure,
        nom="Autre",
        courriel="autre@example.org",
        texte="b",
        cle="6f1e9b6e-0a6c-4b6a-9a3c-0d7cf5b1a112",
    )
    autre = StructureFactory()
    paire = sorted([structure, autre], key=lambda s: s.pk)
    NonDoublon.objects.create(structure_a=paire[0], structure_b=paire[1])
    Opposition.objects.create(empreinte="0" * 64)
    depot = ImportStructures.objects.create(nom="f.csv", source="hub", depose_par=lea)
    LigneImport.objects.create(import_structures=depot, numero=2, statut="creee", structure=structure)
    garnir_registres(structure, lea)


def _socle(structure, lea):
    Courriel.objects.create(destinataire=COURRIEL, sujet="A", message_id="<1@x>", utilisateur=lea)
    Courriel.objects.create(destinataire="autre@example.org", sujet="B", message_id="<2@x>", cle_unicite="b")
    CourrielEntrant.objects.create(identifiant="e1")
    JetonUtilise.objects.create(empreinte="1" * 64, expire_le=timezone.now())
    ReglagesPole.actuels().save()
    compter(f"ecrire:{COURRIEL}", maximum=5, secondes=60)
    compter("ecrire:autre@example.org", maximum=5, secondes=60)
    genre = ContentType.objects.get_for_model(Utilisateur)
    LogEntry.objects.create(user=lea, content_type=genre, object_id="1", object_repr="x", action_flag=2)
    LogEntry.objects.create(
        user=UtilisateurFactory(is_staff=True), content_type=genre, object_id=str(lea.pk), object_repr=NOM,
        action_flag=2, change_message=json.dumps([{"changed": {"name": "contact", "object": NOM}}]),
    )  # fmt: skip
    session = SessionStore()
    session["_auth_user_id"] = str(lea.pk)
    session.create()
    en_cours = SessionStore()
    en_cours["account_login"] = {"email": COURRIEL}
    en_cours.create()
    autre = SessionStore()
    autre["_auth_user_id"] = "0"
    autre.create()
    for cle in (COURRIEL, f"testserver:{COURRIEL}", "autre@example.org"):
        cache.set(f"allauth:rl:login_failed:{hashlib.sha256(cle.encode()).hexdigest()}", [1], 300)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        for statut in ("todo", "succeeded"):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args, lock)"
                " VALUES ('q', 't', %s, %s, %s) RETURNING id",
                [statut, json.dumps({"a": [COURRIEL], "nom": NOM}, ensure_ascii=False), f"envoi {COURRIEL} {statut}"],
            )
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp) VALUES ('t', 'p', 1)"
        )


def _remplir():
    """Every text column that the rules promise to clean, in every row of ours, speaks of Léa where it fits."""
    for modele in apps.get_models(include_auto_created=True):
        regle = ERASURE[modele._meta.label_lower]
        if not regle.caviarder or not modele._meta.managed:
            continue
        for champ in champs_de_texte(modele):
            if champ.name in regle.sauf or champ.unique:
                continue
            for ligne in modele._base_manager.order_by("pk"):
                for texte in TEXTES:
                    valeur = texte
                    if champ.get_internal_type() == "JSONField":
                        valeur = {"dedans": [texte]} if not getattr(ligne, champ.name) else getattr(ligne, champ.name)
                    elif champ.get_internal_type() == "ArrayField":
                        valeur = [texte]
                    try:
                        with transaction.atomic():
                            if getattr(ligne, champ.name) in ("", None, [], {}):
                                modele._base_manager.filter(pk=ligne.pk).update(**{champ.name: valeur})
                        break
                    except Exception as erreur:  # too long for the column, or a constraint: try a shorter one
                        assert "too long" in str(erreur) or isinstance(erreur, IntegrityError), erreur


def traces():
    """(table, column) -> rows where Léa's name or address is left, in every column of every table of the database."""
    trouve = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for table, colonne in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE public.sans_accent("{colonne}"::text) ~ %s',  # noqa: S608 - catalogue names
                [r"lea[ .\\u0-9a-f-]*durand"],
            )
            if compte := cursor.fetchone()[0]:
                trouve[f"{table}.{colonne}"] = compte
    return trouve


def test_chaque_modele_a_sa_regle():
    """A new model says how it forgets a person: add it to ERASURE (or, for an outer app, in AppConfig.ready)."""
    modeles = {modele._meta.label_lower for modele in apps.get_models(include_auto_created=True)}
    assert modeles - set(ERASURE) == set()
    assert all(regle.raison for regle in ERASURE.values())


def test_monde_a_une_ligne_de_chaque_modele(monde):
    vides = {m._meta.label_lower for m in apps.get_models(include_auto_created=True) if not lignes(m)}
    assert vides - {"annuaire.mot"} == set()
    assert len(traces()) > 60


def test_effacer_un_compte_ne_laisse_aucune_trace(monde):
    lea, structure = monde
    structures, autres = lignes(Structure), Utilisateur.objects.exclude(pk=lea.pk).count()
    effacer_utilisateur(lea, par=lea)
    assert traces() == {}
    assert (lignes(Structure), Utilisateur.objects.count()) == (structures, autres)
    structure.refresh_from_db()
    assert (structure.nom, structure.etat, structure.courriel) == ("Les Amis de la Sauge", "publiee", "")
    assert "[retiré]" in structure.presentation
    assert Session.objects.count() == 1
    assert Compteur.objects.get().cle == "ecrire:autre@example.org"
    assert Contact.objects.get(structure=structure).nom == "Autre"
    assert MessageRelaye.objects.get().courriel == "autre@example.org"
    assert Signalement.objects.count() == 3  # the two, and the one that says that no référent is left
    assert Authenticator.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE task_name = 't' ORDER BY id")
        assert cursor.fetchall() == [("cancelled",), ("succeeded",)]
        cursor.execute("SELECT count(*) FROM socle_cache")
        assert cursor.fetchone() == (1,)


def test_effacer_un_compte_retient_l_opposition(monde):
    lea, structure = monde
    effacer_utilisateur(lea, par=lea)
    assert oppositions.est_opposee(courriel="Lea.DURAND@example.org")
    assert oppositions.est_opposee(nom="durand-exemple lea", structure=structure)
    assert not oppositions.est_opposee(courriel="autre@example.org")


def test_effacer_une_personne_sans_compte_ne_laisse_aucune_trace(monde):
    lea, structure = monde
    lea.delete()
    effacer_personne(structure=structure, nom=NOM, courriel=COURRIEL)
    assert traces() == {}


def test_effacer_une_personne_par_son_nom_seul(structure):
    Contact.objects.create(structure=structure, nom=NOM)
    Echange.objects.create(structure=structure, date=date(2026, 1, 2), note="Appelé Durand-Exemple Léa ce matin")
    Structure.objects.filter(pk=structure.pk).update(presentation="Demander LEA DURAND EXEMPLE à l'accueil.")
    effacer_personne(structure=structure, nom=NOM)
    assert traces() == {}
    assert Echange.objects.get().note == "Appelé [retiré] ce matin"
    structure.refresh_from_db()
    assert structure.presentation == "Demander [retiré] à l'accueil."
    assert oppositions.est_opposee(nom=NOM, structure=structure)


def test_homonyme_d_une_autre_structure_garde_son_nom(structure):
    ailleurs = StructureFactory(presentation=f"{NOM} préside.")
    Contact.objects.create(structure=ailleurs, nom=NOM, courriel="lea.durand@example.org.fr")
    Contact.objects.create(structure=structure, nom=NOM, courriel=COURRIEL)
    effacer_personne(structure=structure, nom=NOM, courriel=COURRIEL)
    contact = Contact.objects.get()
    assert (contact.nom, contact.courriel) == (NOM, "lea.durand@example.org.fr")
    ailleurs.refresh_from_db()
    assert ailleurs.presentation == f"{NOM} préside."
    assert not oppositions.est_opposee(nom=NOM, structure=ailleurs)


def test_effacer_une_personne_qui_a_un_compte_ne_touche_que_la_fiche(structure, etranger):
    Utilisateur.objects.filter(pk=etranger.pk).update(email=COURRIEL, nom=NOM)
    EmailAddress.objects.filter(user=etranger).update(email=COURRIEL)
    Contact.objects.create(structure=structure, nom=NOM, courriel=COURRIEL)
    autre = StructureFactory(presentation=f"Écrire à {COURRIEL}")
    Structure.objects.filter(pk=structure.pk).update(presentation=f"Écrire à {COURRIEL}")
    effacer_personne(structure=structure, nom=NOM, courriel=COURRIEL)
    assert not Contact.objects.exists()
    structure.refresh_from_db()
    autre.refresh_from_db()
    assert (structure.presentation, autre.presentation) == ("Écrire à [retiré]", f"Écrire à {COURRIEL}")
    assert Utilisateur.objects.get(pk=etranger.pk).email == COURRIEL
    assert Rattachement.objects.filter(utilisateur=etranger).count() == 1
    assert EmailAddress.objects.filter(email=COURRIEL).exists()


def test_effacer_deux_fois_ne_fait_rien_de_plus(structure):
    Contact.objects.create(structure=structure, nom=NOM, courriel=COURRIEL)
    effacer_personne(structure=structure, nom=NOM, courriel=COURRIEL)
    nombre = Opposition.objects.count()
    effacer_personne(structure=structure, nom=NOM, courriel=COURRIEL)
    assert Opposition.objects.count() == nombre


def test_effacer_sans_dire_qui_est_une_erreur(structure):
    with pytest.raises(ValueError, match="needs an address"):
        effacer_personne(structure=structure)
    with pytest.raises(ValueError, match="needs an address"):
        effacer_personne(nom=NOM)


def test_dernier_administrateur_ne_s_efface_pas(administrateur):
    with pytest.raises(EffacementRefuse, match="dernier administrateur"):
        effacer_utilisateur(administrateur, par=administrateur)
    assert Utilisateur.objects.filter(pk=administrateur.pk).exists()


def test_depart_du_dernier_referent_previent_l_equipe(referent, structure):
    effacer_utilisateur(referent, par=referent)
    courriel = Courriel.objects.get()
    assert (courriel.gabarit, courriel.destinataire) == (
        "sans_referent",
        ReglagesPole.actuels().courriel_equipe,
    )
    assert structure.nom in courriel.texte
    assert referent.nom not in courriel.texte
    assert Signalement.objects.get().texte == "Cette structure n'a plus de référent. Le dernier référent est parti."


def test_depart_d_un_referent_parmi_deux_ne_previent_personne(referent, structure):
    RattachementFactory(structure=structure, role="referent")
    effacer_utilisateur(referent, par=referent)
    assert Courriel.objects.count() == 0


def _xlsx(texte):
    classeur = openpyxl.Workbook()
    classeur.active.append(["nom", "contact"])
    classeur.active.append(["Les Amis", texte])
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


@pytest.mark.parametrize(
    ("octets", "reste"),
    [
        (f"nom;contact\nLes Amis;{NOM}\n".encode(), False),
        (f"nom;contact\nLes Amis;{NOM}\n".encode("cp1252"), False),
        (f"nom,courriel\nLes Amis,{COURRIEL}\n".encode(), False),
        (_xlsx(NOM), False),
        (b"nom;contact\nLes Amis;L&#233;a Durand-Exemple\n", False),
        (b"PK\x03\x04 abime", False),
        (b"nom;contact\nLes Amis;Autre Personne\n", True),
        (_xlsx("Autre Personne"), True),
    ],
)
def test_fichiers_importes_qui_nomment_la_personne_sont_detruits(
    structure, octets, reste, django_capture_on_commit_callbacks
):
    depot = ImportStructures.objects.create(nom="f", source="hub")
    depot.fichier.save("f", ContentFile(octets))
    with django_capture_on_commit_callbacks(execute=True):
        effacer_personne(structure=structure, nom=NOM, courriel=COURRIEL)
    chemin = depot.fichier.path
    depot.refresh_from_db()
    assert bool(depot.fichier) is reste
    assert depot.fichier.storage.exists(chemin) is reste


def test_update_contourne_l_historique_et_l_effacement_le_nettoie(structure):
    """update() and bulk_create() write no history: erasing must not need any, and what history holds goes."""
    contact = Contact.objects.create(structure=structure, nom=NOM, courriel=COURRIEL)
    Contact.objects.filter(pk=contact.pk).update(nom="Autre", courriel="")
    assert Contact.history.filter(nom=NOM).count() == 1
    effacer_personne(structure=structure, nom=NOM, courriel=COURRIEL)
    assert Contact.objects.get().nom == "Autre"
    assert Contact.history.count() == 0


def test_anciennes_versions_d_un_contact_efface_partent_aussi(structure):
    """A version under initials, with another phone, is about the same person."""
    contact = Contact.objects.create(structure=structure, nom="L. D.", telephone="04 70 00 00 01")
    contact.nom = NOM
    contact.save()
    effacer_personne(structure=structure, nom=NOM)
    assert Contact.history.count() == 0


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("écrire à lea.durand@example.org.", "écrire à [retiré]."),
        ("écrire à LEA.DURAND@EXAMPLE.ORG", "écrire à [retiré]"),
        ("clea.durand@example.org", "clea.durand@example.org"),
        ("lea.durand@example.org.fr", "lea.durand@example.org.fr"),
        ("Lea  durand exemple", "[retiré]"),
        ("Cléa Durand-Exemple", "Cléa Durand-Exemple"),
        ("Œuvre de Léa Durand-Exemple, née", "Œuvre de [retiré], née"),
        ("Léa", "Léa"),
    ],
)
def test_caviarder(texte, attendu):
    assert caviarder(texte, [motif_adresse(COURRIEL), motif_nom(NOM)]) == attendu


def test_nom_d_un_seul_mot_n_est_pas_cherche_dans_les_phrases():
    assert motif_nom("Marie") is None
    assert Personne(courriels=(), noms=("Marie",)).motifs_noms == []


def test_opposition_survit_au_changement_de_nom_et_a_la_fusion(structure):
    oppositions.enregistrer(nom=NOM, structure=structure)
    ancien = structure.slug
    AncienneAdresse.objects.create(slug=ancien, structure=structure)
    structure.slug = "autre-adresse"
    structure.save()
    assert oppositions.est_opposee(nom="LEA Durand Exemple", structure=structure)


def test_opposition_ne_se_lit_pas(structure, settings):
    oppositions.enregistrer(courriel=COURRIEL, nom=NOM, structure=structure)
    assert Opposition.objects.count() == 2
    assert traces() == {}
    avant = oppositions.empreinte(courriel=COURRIEL)
    assert avant != hashlib.sha256(COURRIEL.encode()).hexdigest()
    settings.OPPOSITION_SEL = oppositions.sel()
    settings.SECRET_KEY = "une-autre-cle-secrete"
    assert oppositions.empreinte(courriel=COURRIEL) == avant
    settings.OPPOSITION_SEL = ""
    assert oppositions.empreinte(courriel=COURRIEL) != avant
