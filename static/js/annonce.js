/* The form of an announcement: fields that the chosen mode does not use are put away; periods come and go;
   a draft saves itself. Everything works without this file. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-unites]");
  if (!form) { return; }

  /* Modes. What is put away is not sent, and comes back as it was. */
  var unites = JSON.parse(form.dataset.unites || "{}");
  function accorder() {
    var coche = form.querySelector("input[name=mode]:checked");
    form.querySelectorAll("[data-modes]").forEach(function (boite) {
      var sert = form.elements.mode ? coche && boite.dataset.modes.split(" ").indexOf(coche.value) >= 0 : true;
      boite.hidden = !sert;
      boite.querySelectorAll("input, select, textarea").forEach(function (champ) { champ.disabled = !sert; });
    });
    var choix = form.elements.prix_unite, permises = coche && unites[coche.value];
    if (!choix || !permises) { return; }
    Array.prototype.forEach.call(choix.options, function (option) {
      var sert = !option.value || permises.indexOf(option.value) >= 0;
      option.hidden = option.disabled = !sert;
      if (!sert && option.selected) { choix.value = ""; }
    });
  }
  form.addEventListener("change", function (e) { if (e.target.name === "mode") { accorder(); } });
  accorder();

  /* Periods. */
  var periodes = form.querySelector("[data-periodes]");
  if (periodes) {
    periodes.addEventListener("click", function (e) {
      var bouton = e.target.closest("button"), lignes = periodes.querySelectorAll("[data-periode]");
      if (!bouton) { return; }
      e.preventDefault();
      if ("ajouter" in bouton.dataset && lignes.length < 24) {
        var neuve = lignes[lignes.length - 1].cloneNode(true);
        var rang = 1 + Math.max.apply(null, Array.prototype.map.call(lignes, function (l) { return +l.querySelector("input").name.split("_")[2]; }));
        neuve.querySelectorAll(".errorlist").forEach(function (el) { el.remove(); });
        neuve.querySelectorAll("input").forEach(function (champ, i) {
          champ.name = "periode_" + (i ? "fin" : "debut") + "_" + rang;
          champ.id = "id_" + champ.name; champ.value = "";
          champ.removeAttribute("aria-invalid"); champ.removeAttribute("aria-describedby");
          champ.setAttribute("aria-label", "Période " + (lignes.length + 1) + " : " + (i ? "au" : "du"));
        });
        neuve.querySelector(".visually-hidden").textContent = " la période " + (lignes.length + 1);
        lignes[lignes.length - 1].after(neuve);
        neuve.querySelector("input").focus();
      } else if ("retirer" in bouton.dataset) {
        var ligne = bouton.closest("[data-periode]");
        if (lignes.length > 1) { ligne.remove(); } else { ligne.querySelectorAll("input").forEach(function (c) { c.value = ""; }); }
        periodes.querySelector("[data-ajouter]").focus();
      }
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  /* The draft. One request at a time; what is typed meanwhile goes with the next. */
  var etat = form.querySelector("[data-sauvegarde]"), attente, enCours = false, encore = false, fini = false;
  if (!form.dataset.sauver || !window.fetch || !etat) { return; }
  function dire(texte) { if (texte && etat.textContent !== texte) { etat.textContent = texte; } }
  function contenu() {
    var donnees = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach(function (champ) { donnees.delete(champ.name); });
    return donnees;
  }
  function sauver() {
    if (fini) { return; }
    if (enCours) { encore = true; return; }
    enCours = true;
    fetch(form.dataset.sauver, { method: "POST", body: contenu(), headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (reponse) { return reponse.json().then(function (lu) { recu(reponse.ok, lu); }); })
      .catch(function () { dire("Le brouillon n'a pas pu être enregistré : vérifiez votre connexion. Votre saisie reste dans ce navigateur."); })
      .then(function () { enCours = false; if (encore) { encore = false; sauver(); } });
  }
  function recu(bien, lu) {
    dire(lu.message);
    if (!bien && lu.connexion) {
      var lien = document.createElement("a");
      lien.href = "/compte/login/"; lien.target = "_blank"; lien.rel = "noopener"; lien.textContent = "Se reconnecter (nouvel onglet)";
      etat.append(" ", lien);
    }
    if (!bien || !lu.version) { return; }
    if (form.elements.version) { form.elements.version.value = lu.version; }
    if (!lu.ignores.length) { try { localStorage.removeItem("brouillon:" + form.dataset.brouillon); } catch (e) { /* refused */ } }
  }
  form.addEventListener("input", function () { clearTimeout(attente); attente = setTimeout(sauver, 1500); });
  form.addEventListener("submit", function () { clearTimeout(attente); fini = true; });
})();
