"""schema.org data and share card tags of the sheet: public facts, and nothing that can leave the script."""

import json
import re

import pytest

from annuaire.json_ld import en_script
from tests.factories import ActiviteFactory, CommuneFactory


def donnees(client, structure):
    html = client.get(structure.get_absolute_url()).content.decode()
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(script)


def test_json_ld_d_une_association(client, structure):
    structure.nom, structure.sigle, structure.forme_juridique = "Braille et culture", "B&C", "association"
    structure.siret, structure.rna, structure.annee_creation = "73282932000074", "W031000001", 1998
    structure.adresse = "1 rue inventée"
    structure.commune = CommuneFactory(code="03310", nom="Vichy-Essai", codes_postaux=["03200"])
    structure.latitude, structure.longitude, structure.position_origine = 46.1, 3.4, "adresse"
    structure.rayon_intervention = 30
    structure.telephone, structure.telephone_public = "04 70 00 00 01", True
    structure.courriel, structure.courriel_public = "secret@structure.example.org", False
    structure.site, structure.reseaux = "https://s.example.org/", ["https://r.example.org/a", "javascript:alert(1)"]
    structure.logo = "logos/l.webp"
    structure.save()
    structure.activites.add(ActiviteFactory(nom="Culture"))
    fiche = f"http://testserver/annuaire/{structure.slug}/"
    point = {"@type": "GeoCoordinates", "latitude": 46.1, "longitude": 3.4}
    assert donnees(client, structure) == {
        "@context": "https://schema.org",
        "@type": "NGO",
        "@id": fiche,
        "url": fiche,
        "name": "Braille et culture",
        "alternateName": "B&C",
        "foundingDate": "1998",
        "identifier": [
            {"@type": "PropertyValue", "propertyID": "SIRET", "value": "73282932000074"},
            {"@type": "PropertyValue", "propertyID": "RNA", "value": "W031000001"},
        ],
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "1 rue inventée",
            "postalCode": "03200",
            "addressLocality": "Vichy-Essai",
            "addressCountry": "FR",
        },
        "location": {"@type": "Place", "geo": point},
        "areaServed": {"@type": "GeoCircle", "geoMidpoint": point, "geoRadius": 30000},
        "telephone": "04 70 00 00 01",
        "sameAs": ["https://s.example.org/", "https://r.example.org/a"],
        "logo": "http://testserver/media/logos/l.webp",
        "knowsAbout": ["Culture"],
    }


def test_json_ld_ne_dit_que_le_public_meme_a_un_membre(client, structure, referent):
    structure.telephone, structure.courriel = "04 70 00 00 01", "secret@structure.example.org"
    structure.save()
    client.force_login(referent)
    lu = donnees(client, structure)
    assert lu["@type"] == "Organization"
    assert "telephone" not in lu
    assert "email" not in lu


@pytest.mark.parametrize(
    "hostile", ["</script><script>alert(1)</script>", "<!--<script>", "\u2028\u2029", '"}]; alert(1)//', "&lt;"]
)
def test_json_ld_ne_sort_pas_de_son_script(client, structure, hostile):
    structure.presentation = f"avant {hostile} après"
    structure.save()
    assert donnees(client, structure)["description"] == f"avant {hostile} après"
    script = en_script({"x": hostile})
    assert not set(script) & set("<>&\u2028\u2029")


def test_balises_de_partage(client, structure):
    structure.nom = 'Une "citation" <b>'
    structure.presentation = 'Dit "bonjour" & <i>merci</i>. ' + "é" * 400
    structure.save()
    html = client.get(structure.get_absolute_url()).content.decode()
    fiche = f"http://testserver/annuaire/{structure.slug}/"
    assert f'<link rel="canonical" href="{fiche}">' in html
    assert f'<meta property="og:url" content="{fiche}">' in html
    assert f'<meta property="og:image" content="{fiche}partage.png">' in html
    assert '<meta property="og:title" content="Une &quot;citation&quot; &lt;b&gt;">' in html
    (description,) = re.findall(r'<meta property="og:description" content="([^"]*)">', html)
    assert description.startswith("Dit &quot;bonjour&quot; &amp; &lt;i&gt;merci&lt;/i&gt;. é")
    assert "noindex" not in html
