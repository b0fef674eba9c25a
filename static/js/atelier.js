/* The workshop, live. A region [data-direct] asks what is new every two seconds (htmx): unchanged is a 304, and
   nothing is swapped. What is typed lies outside it. Announcements are polite: a phase at once, counts every 10 s at
   most. Everything works without this file, by reloading the page. */
(function () {
  "use strict";
  var direct = document.querySelector("[data-direct]"), annonces = document.querySelector("[data-annonces]");
  var pause = document.querySelector("[data-pause]"), suite = document.querySelector("[data-suite]");
  var enPause = false, ditLe = 0, dernier = "", attente;

  var A_DIRE = "atelier:a-dire"; // a sentence for after the reload, which would cut it short
  function dire(texte) { annonces.textContent = texte; ditLe = Date.now(); }
  function recharger() {
    try { sessionStorage.setItem(A_DIRE, annonces.textContent); } catch (e) { /* refused: the page says it anyway */ }
    location.reload();
  }
  function direApresRechargement() {
    var texte = "";
    try { texte = sessionStorage.getItem(A_DIRE); sessionStorage.removeItem(A_DIRE); } catch (e) { /* refused */ }
    if (texte) { setTimeout(function () { dire(texte); }, 500); } // a live region speaks of what changes once it is there
  }
  function annoncer(avant, etat) {
    if (avant !== etat.dataset.etat) { clearTimeout(attente); dernier = etat.dataset.compte; dire(etat.dataset.dit + " " + dernier); return; }
    if (etat.dataset.compte === dernier) { return; }
    dernier = etat.dataset.compte;
    clearTimeout(attente);
    attente = setTimeout(function () { if (!enPause) { dire(dernier); } }, Math.max(0, ditLe + 10000 - Date.now()));
  }
  function compter() {
    var fin = direct.querySelector("[data-fin]"), reste = direct.querySelector("[data-reste]");
    if (!fin || enPause) { return; }
    var secondes = Math.round((new Date(fin.dateTime) - Date.now()) / 1000);
    var mots = secondes <= 0 ? " (le temps est passé : finissez votre idée)" : secondes < 60 ? " (moins d'une minute)" : " (encore " + Math.ceil(secondes / 60) + " min)";
    if (reste.textContent !== mots) { reste.textContent = mots; }
  }
  function suspendre() {
    enPause = !enPause;
    pause.setAttribute("aria-pressed", String(enPause));
    dire(enPause ? "Mises à jour suspendues." : "Mises à jour reprises.");
  }

  if (direct) {
    var vu = direct.querySelector("[data-etat]");
    dernier = vu.dataset.compte;
    direApresRechargement();
    pause.hidden = false;
    pause.addEventListener("click", suspendre);
    compter();
    setInterval(compter, 5000);
    direct.addEventListener("htmx:configRequest", function (e) { e.detail.headers["If-None-Match"] = direct.dataset.marque; });
    direct.addEventListener("htmx:beforeRequest", function (e) { if (enPause || document.hidden) { e.preventDefault(); } });
    direct.addEventListener("htmx:beforeSwap", function (e) {
      if (e.detail.xhr.status !== 200) { e.detail.shouldSwap = false; e.detail.isError = false; return; }
      direct.dataset.marque = e.detail.xhr.getResponseHeader("ETag");
    });
    direct.addEventListener("htmx:afterSwap", function () {
      var etat = direct.querySelector("[data-etat]"), avant = vu.dataset.etat;
      annoncer(avant, etat);
      vu = etat;
      compter();
      if (avant === etat.dataset.etat || !document.querySelector(".wrap [data-direct]")) { return; }
      if (direct.dataset.phase === "preparation" && !document.activeElement.closest("form")) { recharger(); return; }
      suite.hidden = etat.dataset.etat === direct.dataset.phase;
    });
  }

  /* How many letters are left, said by the field's own maxlength; shown, not announced. */
  document.querySelectorAll("textarea[data-compteur]").forEach(function (champ) {
    var note = document.createElement("p");
    note.className = "meta compteur";
    function dire() { note.textContent = champ.value.length + " caractères sur " + champ.maxLength; }
    champ.addEventListener("input", dire);
    champ.after(note);
    dire();
  });

  /* Grouping: drag is an extra, the ticks and the menu do the same. */
  var ranger = document.getElementById("ranger");
  if (!ranger) { return; }
  document.querySelectorAll("[data-postit]").forEach(function (note) {
    note.draggable = true;
    note.addEventListener("dragstart", function (e) {
      var coche = note.querySelector("input");
      if (!coche.checked) { document.querySelectorAll("[data-postit] input").forEach(function (c) { c.checked = false; }); coche.checked = true; }
      e.dataTransfer.setData("text/plain", coche.value);
    });
  });
  document.querySelectorAll("[data-vers]").forEach(function (groupe) {
    groupe.addEventListener("dragover", function (e) { e.preventDefault(); groupe.classList.add("vise"); });
    groupe.addEventListener("dragleave", function () { groupe.classList.remove("vise"); });
    groupe.addEventListener("drop", function (e) {
      e.preventDefault();
      ranger.elements.vers.value = groupe.dataset.vers;
      ranger.requestSubmit();
    });
  });
})();
