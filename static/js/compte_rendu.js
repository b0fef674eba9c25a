/* Sections of minutes save themselves a few seconds after the last letter. Somebody else's words are never written
   over: their text is shown beside, and saving by the button is then a choice. What could not be saved is tried again:
   every 15 seconds, when the network or the window comes back, after logging in from another tab. Works without this
   file. */
(function () {
  "use strict";
  var dit = document.querySelector("[data-dit-compte-rendu]");
  var ESSAI = 15000, COUPEE = "Pas encore enregistré : la connexion manque. Votre texte est gardé sur cet appareil, il s'enregistrera dès qu'elle revient.";
  var MUET = "Pas encore enregistré : le portail n'a pas répondu comme prévu. Votre texte est gardé sur cet appareil, un nouvel essai suit.";

  /* Logging in from another tab changes the token of the forms of this one. True when there is a new one. */
  function renouer() {
    return fetch(location.pathname, { credentials: "same-origin" }).then(function (reponse) {
      return reponse.ok && !reponse.redirected ? reponse.text() : "";
    }).then(function (page) {
      var neuf = page && new DOMParser().parseFromString(page, "text/html").querySelector("[name=csrfmiddlewaretoken]");
      if (!neuf) { return false; }
      document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (champ) { champ.value = neuf.value; });
      return true;
    });
  }

  document.querySelectorAll("form[data-section]").forEach(function (form) {
    var etat = form.querySelector("[data-etat-section]"), autre = form.querySelector("[data-autre]");
    var attente, enCours = false, encore = false, arrete = false, soumis = false, echoue = false, envoye = photo();

    function photo() { return form.elements.titre.value + "\u0000" + form.elements.texte.value; }
    function dire(mots, adresse) {
      var lien = document.createElement("a");
      etat.className = echoue ? "message warning" : "meta";
      if (dit && dit.textContent !== mots) { dit.textContent = mots; }
      etat.textContent = mots;
      if (!adresse) { return; }
      lien.href = adresse; lien.target = "_blank"; lien.rel = "noopener";
      lien.textContent = "Se reconnecter (nouvel onglet)";
      etat.append(" ", lien);
    }
    function rater(mots, adresse) {
      echoue = true;
      dire(mots, adresse);
      clearTimeout(attente);
      attente = setTimeout(enregistrer, ESSAI);
    }
    function conflit(lu) {
      var titre = lu.titre === form.elements.titre.value ? "" : lu.titre + "\n\n";
      arrete = true;
      form.elements.version.value = lu.version;
      autre.querySelector("textarea").value = titre + lu.texte;
      autre.hidden = false;
    }
    function recevoir(reponse, lu, ecrit) {
      if (reponse.status === 401) { rater(lu.dit, lu.connexion); return; }
      echoue = false;
      dire(lu.dit);
      if (reponse.status === 409) { conflit(lu); return; }
      if (!reponse.ok) { return; }
      form.elements.version.value = lu.version;
      envoye = ecrit;
      if (photo() === ecrit) { oublier(); }
    }
    function oublier() { try { localStorage.removeItem("brouillon:" + form.dataset.brouillon); } catch (e) { /* refused */ } }
    function envoyer(ecrit, dernier) {
      var corps = new FormData(form);
      corps.append("geste", "enregistrer");
      return fetch(form.action, { method: "POST", body: corps, headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (reponse) {
          if ((reponse.headers.get("Content-Type") || "").indexOf("application/json") === 0) {
            return reponse.json().then(function (lu) { recevoir(reponse, lu, ecrit); });
          }
          if (reponse.status !== 403 || dernier) { rater(MUET); return null; }
          return renouer().then(function (neuf) { if (neuf) { return envoyer(ecrit, true); } rater(MUET); return null; });
        });
    }
    function enregistrer() {
      var ecrit = photo();
      if (arrete || ecrit === envoye) { return; }
      if (enCours) { encore = true; return; }
      enCours = true;
      clearTimeout(attente);
      envoyer(ecrit, false)
        .catch(function () { rater(COUPEE); })
        .then(function () { enCours = false; if (encore) { encore = false; enregistrer(); } });
    }
    function reessayer() { if (echoue) { enregistrer(); } }
    form.addEventListener("input", function () { clearTimeout(attente); attente = setTimeout(enregistrer, 3000); });
    form.addEventListener("submit", function () { clearTimeout(attente); arrete = soumis = true; envoye = photo(); });
    window.addEventListener("online", reessayer);
    window.addEventListener("focus", reessayer);
    window.addEventListener("pageshow", function (e) { if (e.persisted && soumis) { arrete = soumis = false; envoye = ""; enregistrer(); } });
    window.addEventListener("beforeunload", function (e) { if (photo() !== envoye) { e.preventDefault(); } });
  });
})();
