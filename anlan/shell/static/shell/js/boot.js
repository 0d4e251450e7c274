/* Runs before first paint: reader settings of this browser, so that nothing flashes. */
(function () {
  'use strict';
  var root = document.documentElement;
  function stored(key) { try { return window.localStorage.getItem(key); } catch (e) { return null; } }
  var theme = stored('al-theme'), text = stored('al-text'), density = stored('al-density');
  if (theme) root.setAttribute('data-bs-theme', theme);
  if (text) root.setAttribute('data-al-text', text);
  /* Nobody is signed in: pages that work without a network no longer open for the last person; their sealed records stay. */
  if (root.hasAttribute('data-al-nobody')) {
    try { window.localStorage.removeItem('al-person'); } catch (e) { /* private mode */ }
    if (window.caches) window.caches.keys().then(function (names) { names.forEach(function (name) { window.caches.delete(name); }); });
  }
  if (density) root.setAttribute('data-al-density', density);
})();
