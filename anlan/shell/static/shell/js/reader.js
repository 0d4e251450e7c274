/* Reader settings of the top bar: dark, large print, density; remembered in this browser. */
(function () {
  'use strict';
  var root = document.documentElement;
  function keep(key, value) { try { window.localStorage.setItem(key, value); } catch (e) { /* private mode */ } }
  function set(attribute, key, value) { root.setAttribute(attribute, value); keep(key, value); }
  document.addEventListener('click', function (e) {
    var button = e.target.closest('[data-al-theme],[data-al-text],[data-al-density]');
    if (!button) return;
    if (button.hasAttribute('data-al-theme')) set('data-bs-theme', 'al-theme', root.getAttribute('data-bs-theme') === 'dark' ? 'light' : 'dark');
    else if (button.hasAttribute('data-al-text')) set('data-al-text', 'al-text', root.getAttribute('data-al-text') === 'large' ? '' : 'large');
    else set('data-al-density', 'al-density', button.getAttribute('data-al-density'));
  });
  document.addEventListener('click', function (e) {
    if (e.target.closest('[data-al-back]')) window.history.back();
    if (e.target.closest('[data-al-print]')) window.print();
  });
})();
