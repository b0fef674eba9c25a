/* Sections of minutes save themselves a few seconds after the last letter. Somebody else's words are never written
   over: their text is shown beside, and saving by the button is then a choice. Works without this file. */
(function () {
  "use strict";
  var dit = document.querySelector("[data-dit-compte-rendu]");
  document.querySelectorAll("form[data-section]").forEach(function (form) {
    var etat = form.querySelector("[data-etat-section]"), autre = form.querySelector("[data-autre]");
    var attente, enCours = false, encore = false, arrete = false, envoye = photo();

    function photo() { return form.elements.titre.value + "\u0000" + form.elements.texte.value; }
    function dire(mots) { etat.textContent = mots; if (dit) { dit.textContent = mots; } }
    function recevoir(reponse, ecrit) {
      return reponse.json().then(function (lu) {
        if (reponse.ok) { form.elements.version.value = lu.version; envoye = ecrit; dire(lu.dit); return; }
        dire(lu.dit);
        if (reponse.status === 409) {
          arrete = true;
          form.elements.version.value = lu.version;
          autre.querySelector("textarea").value = lu.texte;
          autre.hidden = false;
        }
      });
    }
    function enregistrer() {
      var ecrit = photo(), corps;
      if (arrete || ecrit === envoye) { return; }
      if (enCours) { encore = true; return; }
      enCours = true;
      corps = new FormData(form);
      corps.append("geste", "enregistrer");
      fetch(form.action, { method: "POST", body: corps, headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (reponse) { return recevoir(reponse, ecrit); })
        .catch(function () { dire("Pas encore enregistré : la connexion manque. Votre texte est gardé sur cet appareil."); attente = setTimeout(enregistrer, 15000); })
        .then(function () { enCours = false; if (encore) { encore = false; enregistrer(); } });
    }
    form.addEventListener("input", function () { clearTimeout(attente); attente = setTimeout(enregistrer, 3000); });
    form.addEventListener("submit", function () { clearTimeout(attente); arrete = true; envoye = photo(); });
    window.addEventListener("beforeunload", function (e) { if (photo() !== envoye) { e.preventDefault(); } });
  });
})();
