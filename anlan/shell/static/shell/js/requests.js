/* htmx: CSRF header, failed requests in words, live blocks rest while the tab is hidden, focus after a swap. */
(function () {
  'use strict';
  document.addEventListener('htmx:configRequest', function (e) {
    var meta = document.querySelector('meta[name="csrf-token"]');
    if (meta) e.detail.headers['X-CSRFToken'] = meta.content;
  });
  document.addEventListener('htmx:beforeRequest', function (e) {
    var trigger = e.detail.elt.getAttribute('hx-trigger') || '';
    if (document.hidden && trigger.indexOf('every') !== -1) e.preventDefault();
  });
  function failed() {
    document.dispatchEvent(new CustomEvent('al-toast', { detail: { text: '没办成，您填的还在，请稍后再试', tone: 'late' } }));
  }
  document.addEventListener('htmx:sendError', failed);
  document.addEventListener('htmx:timeout', failed);
  document.addEventListener('htmx:responseError', function (e) { if (e.detail.xhr.status >= 500) failed(); });
  function focusNews(where) {
    var news = where.querySelector('[data-al-focus]');
    if (news) news.focus();
  }
  document.addEventListener('htmx:afterSettle', function (e) { focusNews(e.detail.elt.parentNode || document); });
  document.addEventListener('DOMContentLoaded', function () { focusNews(document); });
})();
