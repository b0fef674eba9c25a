/* Drafts: what is typed in a form [data-brouillon] is kept in this browser for 7 days and offered again.
   Never passwords, files, hidden fields nor [data-sans-brouillon]. Nothing comes back without a click. */
(function () {
  "use strict";
  var DUREE = 7 * 24 * 3600 * 1000;
  function cle(nom) { return "brouillon:" + nom; }
  function lire(nom) {
    try {
      var garde = JSON.parse(localStorage.getItem(cle(nom)));
      if (garde && Date.now() - garde.le < DUREE) { return garde; }
      localStorage.removeItem(cle(nom));
    } catch (e) { /* storage refused: the form works without */ }
    return null;
  }
  function ecrire(nom, garde) { try { localStorage.setItem(cle(nom), JSON.stringify(garde)); } catch (e) { /* full or refused */ } }
  function oublier(nom) { try { localStorage.removeItem(cle(nom)); } catch (e) { /* refused */ } }

  document.querySelectorAll("[data-brouillon-efface]").forEach(function (el) { oublier(el.dataset.brouillonEfface); });

  function champs(form) {
    return Array.prototype.filter.call(form.elements, function (c) {
      return c.name && !/^(hidden|file|password|submit|button)$/.test(c.type) && !("sansBrouillon" in c.dataset) && !c.closest(".miel") && c.tagName !== "FIELDSET";
    });
  }
  function valeurs(form) {
    return champs(form).map(function (c) { return [c.name, c.type === "checkbox" || c.type === "radio" ? [c.value, c.checked] : c.value]; });
  }
  function remettre(form, gardees) {
    var rang = {};
    champs(form).forEach(function (c) {
      var siennes = gardees.filter(function (g) { return g[0] === c.name; });
      if (!siennes.length) { return; }
      if (c.type === "checkbox" || c.type === "radio") {
        siennes.forEach(function (g) { if (g[1][0] === c.value) { c.checked = g[1][1]; } });
      } else {
        rang[c.name] = (rang[c.name] || 0) + 1;
        c.value = (siennes[rang[c.name] - 1] || siennes[0])[1];
      }
    });
  }
  function version(form) { return form.elements.version ? form.elements.version.value : ""; }

  document.querySelectorAll("form[data-brouillon]").forEach(function (form) {
    var nom = form.dataset.brouillon, attente;
    var erreurs = document.querySelector("[data-erreurs]");
    var garde = lire(nom), depart = JSON.stringify(valeurs(form));
    if (garde && !erreurs) {
      if (JSON.stringify(garde.valeurs) === depart || (garde.envoye && garde.version !== version(form))) { oublier(nom); }
      else { proposer(garde); }
    }
    function proposer(garde) {
      var boite = document.createElement("div"), reprendre = bouton("Reprendre ce brouillon", "btn"), effacer = bouton("L'effacer", "btn btn-calme");
      var phrase = document.createElement("p"), actions = document.createElement("p");
      boite.className = "message"; boite.setAttribute("role", "status"); actions.className = "actions";
      phrase.textContent = "Vous aviez commencé à remplir cette page le " + new Date(garde.le).toLocaleString("fr-FR", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" }) + ", sur cet appareil.";
      reprendre.addEventListener("click", function () { remettre(form, garde.valeurs); boite.remove(); champs(form)[0].focus(); form.dispatchEvent(new Event("input", { bubbles: true })); });
      effacer.addEventListener("click", function () { oublier(nom); boite.remove(); champs(form)[0].focus(); });
      actions.append(reprendre, effacer); boite.append(phrase, actions); form.before(boite);
    }
    function bouton(texte, classe) {
      var b = document.createElement("button");
      b.type = "button"; b.className = classe; b.textContent = texte;
      return b;
    }
    function garder(envoye) {
      var maintenant = valeurs(form);
      if (JSON.stringify(maintenant) !== depart) { ecrire(nom, { le: Date.now(), valeurs: maintenant, version: version(form), envoye: envoye }); }
    }
    form.addEventListener("input", function () { clearTimeout(attente); attente = setTimeout(garder, 500, false); });
    form.addEventListener("submit", function () { clearTimeout(attente); garder(true); });
  });

  /* The error summary takes the focus, as after any failed submit. */
  var sommaire = document.getElementById("erreurs");
  if (sommaire) { sommaire.focus(); }

  /* Skills already known: words become buttons that add themselves to the field. */
  document.querySelectorAll("[data-ajoute]").forEach(function (liste) {
    var champ = document.getElementById(liste.dataset.ajoute);
    liste.querySelectorAll("li").forEach(function (li) {
      var b = document.createElement("button");
      b.type = "button"; b.className = "puce"; b.textContent = li.textContent;
      b.addEventListener("click", function () {
        var mots = champ.value.split(",").map(function (m) { return m.trim(); }).filter(Boolean);
        if (mots.indexOf(b.textContent) < 0) { mots.push(b.textContent); }
        champ.value = mots.join(", ");
        champ.dispatchEvent(new Event("input", { bubbles: true }));
      });
      li.className = ""; li.replaceChildren(b);
    });
  });
})();
