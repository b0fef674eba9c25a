/* The pin of a sheet: Leaflet and the tiles load only when the map is opened; the two number fields stay. */
(function () {
  "use strict";
  document.querySelectorAll("[data-epingle]").forEach(function (boite) {
    var d = boite.dataset, prete = false;
    var lat = document.getElementById("id_latitude"), lon = document.getElementById("id_longitude");
    function nombre(champ) { var n = parseFloat(champ.value.replace(/\s/g, "").replace(",", ".")); return isFinite(n) ? n : null; }
    function ecrire(champ, n) { champ.value = n.toFixed(6).replace(".", ","); champ.dispatchEvent(new Event("input", { bubbles: true })); }
    function ouvrir() {
      if (prete || !boite.open) { return; }
      prete = true;
      var style = document.createElement("link"), script = document.createElement("script");
      style.rel = "stylesheet"; style.href = d.style;
      script.src = d.script; script.onload = dessiner;
      document.head.append(style, script);
    }
    function dessiner() {
      var cadre = boite.querySelector(".epingle-carte");
      cadre.hidden = false;
      var situee = nombre(lat) !== null && nombre(lon) !== null;
      var centre = situee ? [nombre(lat), nombre(lon)] : [parseFloat(d.centreLat), parseFloat(d.centreLon)];
      var carte = L.map(cadre).setView(centre, situee ? 16 : 11);
      L.tileLayer(d.tuiles, { attribution: d.attribution, maxZoom: 19 }).addTo(carte);
      var epingle = L.marker(centre, {
        draggable: true, autoPan: true, alt: "Le point de la structure, à faire glisser",
        icon: L.divIcon({ className: "epingle-icone", iconSize: [34, 37], iconAnchor: [17, 37] })
      }).addTo(carte);
      function poser(point) { epingle.setLatLng(point); ecrire(lat, point.lat); ecrire(lon, point.lng); }
      epingle.on("dragend", function () { poser(epingle.getLatLng()); });
      carte.on("click", function (e) { poser(e.latlng); });
      [lat, lon].forEach(function (champ) {
        champ.addEventListener("change", function () {
          if (nombre(lat) !== null && nombre(lon) !== null) { epingle.setLatLng([nombre(lat), nombre(lon)]); carte.panTo(epingle.getLatLng()); }
        });
      });
    }
    boite.addEventListener("toggle", ouvrir);
    ouvrir();
  });
})();
