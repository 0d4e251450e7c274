/* Short notices: from the server on page load, from the HX-Trigger header al-toast; undo lives 10 s. */
(function () {
  'use strict';
  function button(text, css) {
    var b = document.createElement('button');
    b.type = 'button'; b.className = 'btn btn-sm btn-text ' + (css || ''); b.textContent = text;
    return b;
  }
  function arm(toast) { window.setTimeout(function () { toast.remove(); }, 10000); }
  function show(detail) {
    var place = document.getElementById('toasts');
    if (!place) return;
    var toast = document.createElement('div'), words = document.createElement('span');
    toast.className = 'al-toast' + (detail.tone === 'late' ? ' is-bad' : '');
    toast.setAttribute('data-al-toast', '');
    words.textContent = detail.text;
    toast.appendChild(words);
    if (detail.undo) {
      var undo = button('撤销');
      undo.addEventListener('click', function () { window.htmx.ajax('POST', detail.undo, { swap: 'none' }); toast.remove(); });
      toast.appendChild(undo);
    }
    var close = button('知道了');
    close.setAttribute('data-al-close', '');
    toast.appendChild(close);
    place.appendChild(toast);
    arm(toast);
  }
  document.addEventListener('al-toast', function (e) { show(e.detail); });
  document.addEventListener('click', function (e) {
    var close = e.target.closest('[data-al-close]');
    if (close) close.closest('[data-al-toast], .al-banner').remove();
  });
  document.addEventListener('DOMContentLoaded', function () {
    Array.prototype.forEach.call(document.querySelectorAll('#toasts [data-al-toast]'), arm);
  });
})();
