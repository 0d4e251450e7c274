/* Lists: selection and bulk bar, shown columns, filter pills, filters on phones. */
(function () {
  'use strict';
  document.addEventListener('alpine:init', function () {
    window.Alpine.data('grid', function () {
      return {
        n: 0, total: 0, off: {},
        init: function () {
          var me = this;
          me.fresh();
          me.$root.addEventListener('htmx:afterSettle', function () { me.fresh(); });
        },
        fresh: function () { this.total = this.boxes().length; this.paint(); this.count(); },
        paint: function () {
          var root = this.$root, off = this.off;
          Object.keys(off).forEach(function (code) {
            Array.prototype.forEach.call(root.querySelectorAll('[data-col="' + code + '"]'), function (cell) { cell.hidden = off[code]; });
          });
        },
        boxes: function () { return Array.prototype.slice.call(this.$root.querySelectorAll('tbody input[type=checkbox]')); },
        count: function () {
          var beyond = this.whole();
          if (beyond) beyond.checked = false;
          this.n = this.boxes().filter(function (box) { box.closest('tr').classList.toggle('is-on', box.checked); return box.checked; }).length;
          this.fit();
          var all = this.$root.querySelector('[data-all]');
          if (all) { all.checked = this.n > 0 && this.n === this.total; all.indeterminate = this.n > 0 && this.n < this.total; }
        },
        /* All that the filter finds, beyond this page: the server asks each record what it allows. */
        every: function (e) {
          if (!e.target.checked) { this.count(); return; }
          this.n = Number(e.target.dataset.total);
          Array.prototype.forEach.call(this.$root.querySelectorAll('[data-al-bulkverb]'), function (button) { button.hidden = false; });
          var none = this.$root.querySelector('[data-al-noverb]');
          if (none) none.hidden = true;
        },
        whole: function () { return this.$root.querySelector('input[name=everything]'); },
        /* Only what every chosen record allows is offered; the server asks each record again. */
        fit: function () {
          var chosen = this.boxes().filter(function (box) { return box.checked; }), root = this.$root, left = 0, buttons = root.querySelectorAll('[data-al-bulkverb]');
          Array.prototype.forEach.call(buttons, function (button) {
            var name = button.dataset.alBulkverb;
            button.hidden = !chosen.every(function (box) { return box.dataset.verbs === undefined || (' ' + box.dataset.verbs + ' ').indexOf(' ' + name + ' ') >= 0; });
            if (!button.hidden) left += 1;
          });
          var none = root.querySelector('[data-al-noverb]');
          if (none) none.hidden = !buttons.length || left > 0;
        },
        all: function (e) { var on = e.target.checked; this.boxes().forEach(function (box) { box.checked = on; }); this.count(); },
        none: function () { var whole = this.whole(); if (whole) whole.checked = false; this.boxes().forEach(function (box) { box.checked = false; }); this.count(); },
        col: function (e) { this.off[e.target.value] = !e.target.checked; this.paint(); },
        get some() { return this.n > 0; },
        get full() {
          var whole = this.whole();
          return this.n > 0 && this.n >= this.total && Boolean(whole) && Number(whole.dataset.total) > this.total;
        }
      };
    });
    window.Alpine.data('toggle', function () {
      return { on: false, flip: function () { this.on = !this.on; }, close: function () { this.on = false; } };
    });
  });
  document.addEventListener('click', function (e) {
    var more = e.target.closest('[data-al-more]');
    if (more) {
      var open = more.getAttribute('aria-expanded') !== 'true';
      more.setAttribute('aria-expanded', String(open));
      document.getElementById(more.getAttribute('aria-controls')).classList.toggle('is-open', open);
    }
    Array.prototype.forEach.call(document.querySelectorAll('[data-al-fpill][open]'), function (pill) { if (document.contains(e.target) && !pill.contains(e.target)) pill.open = false; });
  });
  /* Filtering changes the address without a new page: the view to keep, a report and an export are about what is asked now. */
  document.addEventListener('click', function (e) {
    var keep = e.target.closest('[data-al-keepview]');
    if (keep) keep.href = keep.dataset.alKeepview + '?query=' + encodeURIComponent(window.location.search.slice(1));
    var asked = e.target.closest('[data-al-asked]');
    if (asked) asked.href = asked.dataset.alAsked + window.location.search.slice(1);
  });
  document.addEventListener('keydown', function (e) {
    if (e.key !== 'Escape') return;
    var pill = e.target.closest('[data-al-fpill][open]');
    if (pill) { pill.open = false; pill.querySelector('summary').focus(); }
  });
  /* A set pill is filled as soon as its options change; the words come with the next full page. */
  document.addEventListener('change', function (e) {
    var pill = e.target.closest('[data-al-fpill]');
    if (!pill) return;
    var chosen = pill.querySelectorAll('input:checked:not([value=""]), .al-token').length;
    pill.querySelector('summary').classList.toggle('is-set', chosen > 0);
  });
})();
