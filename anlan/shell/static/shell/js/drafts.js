/* Drafts save 2 s after the last key; leaving with unsaved text asks once. */
(function () {
  'use strict';
  var dirty = false;
  function clock() { var d = new Date(); return ('0' + d.getHours()).slice(-2) + ':' + ('0' + d.getMinutes()).slice(-2); }
  function save(form) {
    var note = form.querySelector('[data-al-saved]'), request = new XMLHttpRequest(), meta = document.querySelector('meta[name="csrf-token"]');
    request.open('POST', form.dataset.alAutosave);
    request.setRequestHeader('X-CSRFToken', meta ? meta.content : '');
    request.onload = function () {
      var kept = request.status < 300;
      if (kept) dirty = false;
      if (note) note.textContent = kept ? clock() + ' 草稿已保存' : '草稿没存上，您填的还在';
    };
    request.onerror = function () { if (note) note.textContent = '没有网络，您填的还在'; };
    request.send(new FormData(form));
  }
  document.addEventListener('input', function (e) {
    var form = e.target.closest('[data-al-guard]');
    if (!form) return;
    dirty = true;
    if (!form.dataset.alAutosave) return;
    window.clearTimeout(form.alTimer);
    form.alTimer = window.setTimeout(function () { save(form); }, 2000);
  });
  document.addEventListener('submit', function (e) { if (e.target.closest('[data-al-guard]')) dirty = false; });
  document.addEventListener('al-leaving', function (e) { if (dirty) e.preventDefault(); });
  window.addEventListener('beforeunload', function (e) { if (dirty) { e.preventDefault(); e.returnValue = ''; } });
})();
