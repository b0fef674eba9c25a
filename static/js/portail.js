/* The menu is open on wide screens, closed on phones; without JavaScript it is a plain disclosure. */
(function () {
  "use strict";
  var menu = document.querySelector("[data-menu]");
  var large = window.matchMedia("(min-width: 861px)");
  function suivre() { if (menu) { menu.open = large.matches; } }
  suivre();
  large.addEventListener("change", suivre);
})();
