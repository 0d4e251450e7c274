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
          this.n = this.boxes().filter(function (box) { box.closest('tr').classList.toggle('is-on', box.checked); return box.checked; }).length;
          var all = this.$root.querySelector('[data-all]');
          if (all) { all.checked = this.n > 0 && this.n === this.total; all.indeterminate = this.n > 0 && this.n < this.total; }
        },
        all: function (e) { var on = e.target.checked; this.boxes().forEach(function (box) { box.checked = on; }); this.count(); },
        none: function () { this.boxes().forEach(function (box) { box.checked = false; }); this.count(); },
        col: function (e) { this.off[e.target.value] = !e.target.checked; this.paint(); },
        get some() { return this.n > 0; },
        get full() { return this.n > 0 && this.n === this.total; }
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
    Array.prototype.forEach.call(document.querySelectorAll('[data-al-fpill][open]'), function (pill) { if (!pill.contains(e.target)) pill.open = false; });
  });
  /* Filtering changes the address without a new page: the view to keep is what is asked now. */
  document.addEventListener('click', function (e) {
    var keep = e.target.closest('[data-al-keepview]');
    if (keep) keep.href = keep.dataset.alKeepview + '?query=' + encodeURIComponent(window.location.search.slice(1));
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
    var chosen = pill.querySelectorAll('input:checked:not([value=""])').length;
    pill.querySelector('summary').classList.toggle('is-set', chosen > 0);
  });
})();
