/* Long lists on phones go on by themselves at their end; lists that ask for changes swap only what changed. */
(function () {
  'use strict';
  var narrow = window.matchMedia('(max-width: 767.98px)'), busy = false;
  function next(list) { return list.querySelector('.al-table__foot a[rel="next"]'); }
  function follow(list) {
    var link = next(list), request = new XMLHttpRequest();
    if (!link || busy) return;
    busy = true;
    request.open('GET', link.href);
    request.setRequestHeader('HX-Request', 'true');
    request.onload = function () {
      busy = false;
      if (request.status !== 200) return;
      var page = new DOMParser().parseFromString(request.responseText, 'text/html'), body = list.querySelector('tbody'), foot = list.querySelector('.al-table__foot'), after = page.querySelector('.al-table__foot');
      Array.prototype.slice.call(page.querySelectorAll('tbody > tr')).forEach(function (row) { body.appendChild(row); });
      if (foot && after) { foot.replaceWith(after); if (window.htmx) window.htmx.process(after); }
      list.dataset.alLonger = '1';
      watch();
    };
    request.onerror = function () { busy = false; };
    request.send();
  }
  var seen = window.IntersectionObserver ? new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) { if (entry.isIntersecting && narrow.matches) follow(entry.target.closest('.al-table')); });
  }, { rootMargin: '200px' }) : null;
  function watch() {
    if (!seen) return;
    seen.disconnect();
    Array.prototype.forEach.call(document.querySelectorAll('#rows .al-table__foot'), function (foot) { seen.observe(foot); });
  }
  document.addEventListener('DOMContentLoaded', watch);
  document.addEventListener('htmx:afterSettle', watch);
  /* Not while somebody has chosen rows, stands in the table, or has scrolled on; and not for the same rows again. */
  document.addEventListener('htmx:beforeSwap', function (e) {
    var asker = e.detail.requestConfig && e.detail.requestConfig.elt, rows = e.detail.target;
    if (!asker || asker.dataset.alLive === undefined) return;
    var same = asker.alLast === e.detail.xhr.responseText;
    asker.alLast = e.detail.xhr.responseText;
    if (same || rows.dataset.alLonger || rows.contains(document.activeElement) || rows.querySelector('tbody input:checked')) e.detail.shouldSwap = false;
  });
})();
