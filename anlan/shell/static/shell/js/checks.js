/* Field check: counts answers, says when the network is gone; the clock of a wall. */
(function () {
  'use strict';
  document.addEventListener('change', function (e) {
    if (!e.target.matches('.al-choice--big input')) return;
    var form = e.target.closest('form'), words = form && form.querySelector('[data-al-done]'), item = e.target.closest('[data-al-item]');
    if (!words || !item || item.dataset.alCounted) return;
    item.dataset.alCounted = '1';
    words.textContent = Number(words.textContent) + 1;
  });
  function network() {
    Array.prototype.forEach.call(document.querySelectorAll('[data-al-offline]'), function (bar) {
      var waiting = bar.querySelector('[data-al-waiting]');
      bar.hidden = navigator.onLine && !(waiting && Number(waiting.textContent) > 0) && bar.dataset.alOffline !== 'always';
    });
  }
  window.addEventListener('online', network);
  window.addEventListener('offline', network);
  function tick() {
    var clock = document.querySelector('[data-al-clock]'), now = new Date();
    if (clock) clock.textContent = ('0' + now.getHours()).slice(-2) + ':' + ('0' + now.getMinutes()).slice(-2);
  }
  document.addEventListener('DOMContentLoaded', function () { if (document.querySelector('[data-al-clock]')) window.setInterval(tick, 15000); });
})();
