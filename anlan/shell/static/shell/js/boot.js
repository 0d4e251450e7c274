/* Runs before first paint: reader settings of this browser, so that nothing flashes. */
(function () {
  'use strict';
  var root = document.documentElement;
  function stored(key) { try { return window.localStorage.getItem(key); } catch (e) { return null; } }
  var theme = stored('al-theme'), text = stored('al-text'), density = stored('al-density');
  if (theme) root.setAttribute('data-bs-theme', theme);
  if (text) root.setAttribute('data-al-text', text);
  if (density) root.setAttribute('data-al-density', density);
})();
