/* The map of the directory. Leaflet is fetched when a visitor opens it; the server groups the points. */
(function () {
  "use strict";
  var bloc = document.getElementById("carte");
  if (!bloc) { return; }
  var plan = document.getElementById("carte-plan");
  var temoin = document.querySelector("[data-carte-ouverte]");
  var carte = null, couche = null, demande = null, enCours = false, ouvert = null;

  function charger(suite) {
    if (window.L) { suite(); return; }
    if (enCours) { return; }
    enCours = true;
    var feuille = document.createElement("link");
    feuille.rel = "stylesheet";
    feuille.href = bloc.dataset.leafletCss;
    document.head.appendChild(feuille);
    var script = document.createElement("script");
    script.src = bloc.dataset.leafletJs;
    script.onload = suite;
    script.onerror = function () { enCours = false; dire("La carte ne répond pas. La liste donne les mêmes structures."); };
    document.head.appendChild(script);
  }

  function dire(texte) {
    var note = document.createElement("p");
    note.className = "carte-attente";
    note.textContent = texte;
    plan.replaceChildren(note);
  }

  function adresse(cadree) {
    var base = document.getElementById("carte-etat").dataset.points;
    if (!cadree) { return base; }
    var b = carte.getBounds();
    var boite = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()].map(function (x) { return x.toFixed(5); });
    return base + (base.endsWith("?") ? "" : "&") + "bbox=" + boite.join(",") + "&zoom=" + carte.getZoom();
  }

  function lire(cadree, suite) {
    if (demande) { demande.abort(); }
    demande = new AbortController();
    fetch(adresse(cadree), { signal: demande.signal, headers: { Accept: "application/geo+json" } })
      .then(function (reponse) { if (!reponse.ok) { throw new Error(reponse.status); } return reponse.json(); })
      .then(suite)
      .catch(function (erreur) { if (erreur.name !== "AbortError") { couche.clearLayers(); } });
  }

  function lien(structure) {
    var a = document.createElement("a");
    a.href = structure.url;
    a.textContent = structure.nom;
    if (bloc.dataset.cible) { a.target = bloc.dataset.cible; a.rel = "noopener"; } /* in another site's frame */
    return a;
  }

  function bulle(proprietes) {
    var ul = document.createElement("ul");
    ul.className = "carte-noms";
    proprietes.structures.forEach(function (structure) {
      ul.appendChild(document.createElement("li")).appendChild(lien(structure));
    });
    if (proprietes.toutes) {
      ul.appendChild(document.createElement("li")).appendChild(lien({ url: proprietes.toutes, nom: "Voir les " + proprietes.n + " structures à cet endroit" }));
    }
    return ul;
  }

  function marqueur(element) {
    var p = element.properties, c = element.geometry.coordinates;
    var seule = p.n === 1 && p.structures;
    var nom = seule ? p.structures[0].nom : p.n + " structures" + (p.structures ? " à cet endroit" : " : agrandir");
    var taille = seule ? 28 : p.n < 100 ? 44 : 54;
    var point = L.marker([c[1], c[0]], {
      icon: L.divIcon({ className: "carte-point" + (seule ? " seule" : ""), iconSize: [taille, taille], html: seule ? "" : String(p.n > 9999 ? Math.round(p.n / 1000) + "k" : p.n) }),
      title: nom, riseOnHover: true
    });
    if (p.structures) {
      point.bindPopup(bulle(p), { maxWidth: 260 });
    } else {
      point.on("click", function () {
        carte.fitBounds([[p.boite[1], p.boite[0]], [p.boite[3], p.boite[2]]], { maxZoom: 18, padding: [30, 30] });
        plan.focus({ preventScroll: true });
      });
    }
    point.on("add", function () { point.getElement().setAttribute("aria-label", nom); });
    return point;
  }

  /* The marker whose bubble is open stays: moving the map to show the bubble must not close it. */
  function dessiner(collection) {
    couche.eachLayer(function (point) { if (point !== ouvert) { couche.removeLayer(point); } });
    collection.features.forEach(function (element) {
      var c = element.geometry.coordinates;
      if (ouvert && element.properties.structures && ouvert.getLatLng().equals([c[1], c[0]])) { return; }
      marqueur(element).addTo(couche);
    });
  }

  function montrer(e) {
    ouvert = e.popup._source;
    var premier = e.popup.getElement().querySelector(".carte-noms a");
    if (premier) { premier.focus({ preventScroll: true }); }
    var fermer = e.popup.getElement().querySelector(".leaflet-popup-close-button");
    if (fermer) { fermer.setAttribute("aria-label", "Fermer"); }
  }

  function cacher(e) {
    ouvert = null;
    var rond = e.popup._source && e.popup._source.getElement();
    if (rond) { rond.focus({ preventScroll: true }); }
  }

  function cadrer() {
    lire(false, function (collection) {
      var points = [];
      collection.features.forEach(function (f) {
        var b = f.properties.boite, c = f.geometry.coordinates;
        if (b) { points.push([b[1], b[0]], [b[3], b[2]]); } else { points.push([c[1], c[0]]); }
      });
      var avant = carte.getBounds().toBBoxString();
      if (points.length) { carte.fitBounds(points, { maxZoom: 13, padding: [40, 40], animate: false }); }
      if (carte.getBounds().toBBoxString() === avant) { lire(true, dessiner); }
    });
  }

  function ouvrir() {
    if (carte) { carte.invalidateSize(); cadrer(); return; }
    charger(function () {
      plan.replaceChildren();
      carte = L.map(plan, { center: [+bloc.dataset.latitude, +bloc.dataset.longitude], zoom: 10, maxZoom: 18, zoomControl: false, worldCopyJump: true });
      L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(carte);
      carte.attributionControl.setPrefix(false);
      plan.setAttribute("role", "region");
      plan.setAttribute("aria-label", "Carte des structures");
      L.tileLayer(bloc.dataset.tuiles, { attribution: bloc.dataset.attribution, maxZoom: 18 }).addTo(carte);
      couche = L.layerGroup().addTo(carte);
      carte.on("moveend", function () { lire(true, dessiner); });
      carte.on("popupopen", montrer).on("popupclose", cacher);
      plan.addEventListener("keydown", function (e) { if (e.key === "Escape" && ouvert) { carte.closePopup(); } });
      cadrer();
    });
  }

  function suivre() {
    if (temoin) { temoin.disabled = !bloc.open; }
    if (bloc.open) { ouvrir(); }
  }
  bloc.addEventListener("toggle", suivre);
  if (bloc.open) { suivre(); }
  document.body.addEventListener("htmx:afterSettle", function (e) {
    if (carte && bloc.open && e.detail.target.id === "resultats") { cadrer(); }
  });
})();
