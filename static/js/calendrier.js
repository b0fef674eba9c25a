/* Arrow keys go from one day's link to another; Tab still goes through all of them. */
(function () {
  "use strict";
  var pas = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  function decaler(jour, nombre) {
    var date = new Date(jour + "T12:00:00Z");
    date.setUTCDate(date.getUTCDate() + nombre);
    return date.toISOString().slice(0, 10);
  }
  document.querySelectorAll("[data-mois]").forEach(function (tableau) {
    tableau.addEventListener("keydown", function (evenement) {
      var depart = evenement.target.closest("[data-jour]");
      var nombre = pas[evenement.key];
      if (!depart || !nombre || evenement.altKey || evenement.ctrlKey || evenement.metaKey) return;
      var jour = depart.dataset.jour;
      for (var essai = 0; essai < 31; essai += 1) { /* past the days that have no link */
        jour = decaler(jour, nombre);
        var lien = tableau.querySelector('[data-jour="' + jour + '"]');
        if (lien) { evenement.preventDefault(); lien.focus(); return; }
      }
    });
  });
})();
