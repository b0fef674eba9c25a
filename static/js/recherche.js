/* The search across everything: « / » goes to its box, answers come as one types, arrows walk through them, Escape
   closes them. Without this file the form opens the page of answers. The key can be switched off (WCAG 2.1.4). */
(function () {
  "use strict";
  var SANS = "recherche:sans-raccourci";
  var boite = document.querySelector("[data-partout]"), bouton = document.querySelector("[data-raccourci]");
  if (!boite) { return; }
  var champ = boite.querySelector("input"), liste = document.getElementById("propositions"), compte = null;
  function coupe() { try { return localStorage.getItem(SANS) === "1"; } catch (e) { return false; } }
  function dire() { bouton.textContent = coupe() ? "Activer ce raccourci" : "Couper ce raccourci"; bouton.hidden = false; }
  function liens() { return Array.prototype.slice.call(liste.querySelectorAll("a")); }
  function fermer() { liste.hidden = true; }
  /* Where the number of answers is said aloud: made as the box is entered, empty, so that a change is heard. */
  function annoncer() {
    if (compte) { return; }
    compte = document.createElement("p");
    compte.id = "propositions-compte";
    compte.className = "visually-hidden";
    compte.setAttribute("role", "status");
    boite.appendChild(compte);
  }

  document.addEventListener("keydown", function (e) {
    var ou = e.target;
    if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || coupe()) { return; }
    if (ou.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(ou.tagName) || !champ.offsetParent) { return; }
    e.preventDefault();
    champ.focus();
    champ.select();
  });
  boite.addEventListener("keydown", function (e) {
    var tous = liens(), rang = tous.indexOf(document.activeElement), pas = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (liste.hidden) { return; }
    if (e.key === "Escape") { e.preventDefault(); champ.focus(); fermer(); }
    else if (pas && tous.length) {
      e.preventDefault();
      (tous[rang + pas] || (pas < 0 ? champ : tous[rang])).focus();
    }
  });
  boite.addEventListener("focusout", function (e) { if (!boite.contains(e.relatedTarget)) { fermer(); } });
  boite.addEventListener("focusin", annoncer);
  boite.addEventListener("htmx:beforeRequest", annoncer);
  boite.addEventListener("htmx:beforeSwap", function (e) {
    if (e.detail.xhr.responseURL && new URL(e.detail.xhr.responseURL).searchParams.get("q") !== champ.value) { e.detail.shouldSwap = false; }
  });
  boite.addEventListener("htmx:afterSwap", function () {
    liste.hidden = !liste.childElementCount || !boite.contains(document.activeElement);
    if (liste.hidden) { compte.textContent = ""; }
  });
  champ.addEventListener("input", function () { if (champ.value.trim().length < 2) { fermer(); } });
  if (bouton) {
    bouton.addEventListener("click", function () {
      try { if (coupe()) { localStorage.removeItem(SANS); } else { localStorage.setItem(SANS, "1"); } } catch (e) { /* refused */ }
      dire();
    });
    dire();
  }
})();
