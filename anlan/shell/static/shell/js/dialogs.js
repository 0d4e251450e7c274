/* Asking before acts that reach outside or cannot be undone; photos in place; busy buttons. */
(function () {
  'use strict';
  function slot(box, name) { return box.querySelector('[data-al-slot="' + name + '"]'); }
  function ask(marked, yes) {
    var box = document.getElementById('confirm'), words = marked.dataset;
    if (!box || !box.showModal) { if (window.confirm(words.alConfirm + '\n' + (words.alEffect || ''))) yes(); return; }
    slot(box, 'title').textContent = words.alConfirm;
    slot(box, 'effect').textContent = words.alEffect || '';
    var verb = slot(box, 'verb');
    verb.textContent = words.alVerb;
    verb.className = 'btn ' + (words.alKind === 'danger' ? 'btn-danger' : 'btn-primary');
    box.returnValue = 'no';
    box.addEventListener('close', function done() { box.removeEventListener('close', done); if (box.returnValue === 'yes') yes(); });
    box.showModal();
  }
  document.addEventListener('submit', function (e) {
    var form = e.target, sender = e.submitter, marked = sender && sender.dataset.alConfirm ? sender : form.dataset.alConfirm ? form : null;
    if (!marked || form.dataset.alSure) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    ask(marked, function () {
      form.dataset.alSure = '1';
      if (form.requestSubmit) form.requestSubmit(sender || undefined); else if (sender) sender.click(); else form.submit();
      delete form.dataset.alSure;
    });
  }, true);
  document.addEventListener('submit', function (e) {
    if (e.defaultPrevented) return;
    var sender = e.submitter;
    if (!sender || !sender.dataset.alBusy) return;
    window.setTimeout(function () { sender.dataset.alLabel = sender.textContent; sender.disabled = true; sender.textContent = sender.dataset.alBusy; }, 0);
  });
  function release() {
    Array.prototype.forEach.call(document.querySelectorAll('[data-al-label]'), function (b) { b.disabled = false; b.textContent = b.dataset.alLabel; delete b.dataset.alLabel; });
  }
  window.addEventListener('pageshow', release);
  document.addEventListener('htmx:afterRequest', release);
  document.addEventListener('click', function (e) {
    var link = e.target.closest('[data-al-photo]'), box = document.getElementById('viewer');
    if (!link || !box || !box.showModal) return;
    e.preventDefault();
    var photo = slot(box, 'photo');
    photo.src = link.href; photo.alt = link.dataset.alPhoto;
    box.showModal();
  });
})();
