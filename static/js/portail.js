/* Menus and filters are open on wide screens, closed on phones; without JavaScript they are plain disclosures. */
(function () {
  "use strict";
  document.documentElement.classList.add("js");
  var menus = document.querySelectorAll("[data-menu]");
  var large = window.matchMedia("(min-width: 861px)");
  function suivre() { menus.forEach(function (menu) { menu.open = large.matches; }); }
  suivre();
  large.addEventListener("change", suivre);
})();
