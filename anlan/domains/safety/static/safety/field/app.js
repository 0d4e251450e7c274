/* The field pages: the list of own tasks and one sheet, by the part of the address after #. Works without a network. */
(function () {
  'use strict';
  var Field = window.Field, el = Field.el, root = document.getElementById('field'), opened = {}, synced = false, awaited = false;
  Field.user = root.dataset.user || window.localStorage.getItem('anlan-field-user') || '';
  if (root.dataset.user) window.localStorage.setItem('anlan-field-user', root.dataset.user);
  function bar(waiting) {
    var text = Field.problem || (navigator.onLine ? (waiting ? '正在上传 ' + waiting + ' 份检查，请不要关闭' : '') : '没有网络。已存在手机里 ' + waiting + ' 份，有网后自动上传');
    return el('div', { class: 'al-offline', role: 'status', hidden: !text }, [Field.icon('wifi-off'), el('span', { class: 'flex-fill' }, [text])]);
  }
  function show(children) { root.replaceChildren.apply(root, children.filter(Boolean)); }
  var STATES = { open: ['doing', '填写中'], waiting: ['todo', '待上传'], pictures: ['todo', '照片待传'], sent: ['done', '已上传'], refused: ['back', '未收下'] };
  function line(task, sheet) {
    var state = sheet ? STATES[sheet.state] : ['idle', '未开始'];
    return el('a', { class: 'al-item d-block text-reset text-decoration-none', href: '#/task/' + task.id }, [
      el('div', { class: 'al-item__h' }, [el('h3', {}, [task.school]), Field.chip(state[0], state[1])]),
      el('p', { class: 'al-meta mb-0' }, [task.title + '，' + task.due + ' 前']),
      sheet && sheet.message ? el('p', { class: 'mb-0', role: 'alert' }, [sheet.message]) : null,
    ]);
  }
  function list() {
    return Promise.all([Field.store.all('task'), Field.store.all('sheet'), Field.waiting()]).then(function (found) {
      var sheets = {};
      found[1].forEach(function (sheet) { sheets[sheet.task] = sheet; });
      var tasks = found[0].sort(function (a, b) { return a.due_at < b.due_at ? -1 : 1; });
      show([
        el('header', { class: 'al-insp__top' }, [el('div', { class: 'al-insp__bar' }, [el('a', { class: 'al-top__icon', href: '/', 'aria-label': '返回工作台' }, [Field.icon('chevron-left')]), el('h1', { class: 'al-mtop__title' }, ['现场检查', el('small', {}, ['带走 ' + tasks.length + ' 项任务'])]), el('button', { type: 'button', class: 'btn btn-sm btn-text', onclick: function () { Field.sync().then(draw); } }, ['同步'])])]),
        bar(found[2]),
        el('main', { id: 'main', class: 'al-insp__main', tabindex: '-1' }, [el('h2', { class: 'visually-hidden' }, ['任务'])].concat(tasks.length ? tasks.map(function (task) { return line(task, sheets[task.id]); }) : [el('p', {}, [Field.synced || !navigator.onLine ? '现在没有要检查的任务。' : '正在同步任务…'])])),
      ]);
    });
  }
  function begin(task) {
    return { task: task.id, uid: Field.uid(), version: task.version, facts: task.facts, answers: {}, files: {}, location: null, signature: '', started: Field.now(), begun: Date.now(), state: 'open', message: '', fields: {} };
  }
  function place(sheet) {
    var input = el('input', { class: 'form-control', id: 'place', value: sheet.location ? sheet.location.place : '', onchange: function () { sheet.location = Object.assign({}, sheet.location, { place: input.value }); Field.keep(sheet); } });
    function locate() {
      if (navigator.geolocation) navigator.geolocation.getCurrentPosition(function (fix) {
        sheet.location = { lat: fix.coords.latitude, lng: fix.coords.longitude, accuracy: Math.round(fix.coords.accuracy), reference: 'wgs84', place: input.value };
        Field.keep(sheet).then(draw);
      }, function () { input.placeholder = '没有定位，请写明地点'; input.focus(); }, { timeout: 8000 });
    }
    var fix = sheet.location && sheet.location.accuracy != null ? '卫星定位 ±' + sheet.location.accuracy + ' 米' : '还没有定位，可以写明地点';
    return el('section', { class: 'al-item', 'aria-labelledby': 'where' }, [el('h3', { id: 'where' }, ['检查地点']), el('p', { class: 'al-meta' }, [fix]), el('div', { class: 'al-field' }, [el('label', { class: 'form-label', for: 'place' }, ['地点说明']), input]), el('button', { type: 'button', class: 'btn btn-default', onclick: locate }, [Field.icon('map-pin'), '定位'])]);
  }
  function sign(sheet) {
    var canvas = el('canvas', { role: 'img', 'aria-label': '签名区' }), box = el('section', { class: 'al-item', 'aria-labelledby': 'sign-h' }, [el('h3', { id: 'sign-h' }, ['签字']), el('div', { class: 'al-sign' }, [el('span', {}, [sheet.signature ? '已签' : '请签字']), canvas, el('button', { type: 'button', class: 'btn btn-sm btn-text', onclick: function () { if (sheet.signature) { delete sheet.files[sheet.signature]; sheet.signature = ''; Field.keep(sheet).then(draw); } } }, ['重签'])])]);
    window.requestAnimationFrame(function () {
      if (!window.SignaturePad || sheet.signature) return;
      canvas.width = canvas.clientWidth; canvas.height = canvas.clientHeight;
      var pad = new window.SignaturePad(canvas, { backgroundColor: '#ffffff' });
      pad.addEventListener('endStroke', function () {
        canvas.toBlob(function (blob) {
          var uid = sheet.signature || Field.uid();
          blob.arrayBuffer().then(function (bytes) { return Field.store.putBytes('file', uid, bytes); }).then(function () {
            sheet.signature = uid; sheet.files[uid] = { name: uid + '.png', taken: Field.now(), sent: false };
            return Field.keep(sheet);
          });
        }, 'image/png');
      });
    });
    return box;
  }
  function header(task, form, sheet, asked, done) {
    var verdicts = { pass: 0, fail: 0, not_applicable: 0 };
    asked.forEach(function (one) { var given = sheet.answers[one.question.uid]; if (given && verdicts[given.value] != null) verdicts[given.value] += 1; });
    var sections = form.content.sections.map(function (section) {
      var inside = asked.filter(function (one) { return one.section === section.title; }), ready = inside.filter(function (one) { return done(one.question); });
      return el('a', { href: '#/task/' + task.id, onclick: function (event) { event.preventDefault(); var first = inside[0] && document.getElementById('i' + inside[0].question.uid); if (first) first.scrollIntoView(); } }, [section.title + ' ', el('span', { class: 'al-num' }, [ready.length + '/' + inside.length])]);
    });
    return [
      el('header', { class: 'al-insp__top' }, [
        el('div', { class: 'al-insp__bar' }, [el('a', { class: 'al-top__icon', href: '#/', 'aria-label': '返回任务列表' }, [Field.icon('chevron-left')]), el('h1', { class: 'al-mtop__title' }, [task.school, el('small', {}, [task.title])])]),
        el('div', { class: 'al-insp__prog', role: 'status' }, [el('span', { class: 'al-num' }, [el('b', {}, [String(asked.filter(function (one) { return done(one.question); }).length)]), ' / ' + asked.length + ' 项']), el('span', { class: 'al-insp__n' }, [el('i', { class: 'is-done' }, [String(verdicts.pass)]), el('i', { class: 'is-late' }, [String(verdicts.fail)]), el('i', { class: 'is-idle' }, [String(verdicts.not_applicable)])])]),
      ]),
      el('nav', { class: 'al-insp__secs', 'aria-label': '检查分类' }, sections),
    ];
  }
  function hand(sheet) {
    sheet.state = 'waiting'; sheet.submitted = Field.now(); sheet.message = ''; sheet.fields = {};
    return Field.keep(sheet).then(function () { window.location.hash = '#/'; return Field.sync(); }).then(refresh);
  }
  function foot(sheet, asked, left) {
    var words = left ? '下一项未查，余 ' + left + ' 项' : '签字提交';
    return el('footer', { class: 'al-insp__foot' }, [el('button', { type: 'button', class: 'btn btn-primary btn-lg flex-fill', onclick: function () {
      if (!left) { hand(sheet); return; }
      var next = asked.filter(function (one) { return Field.lacks(sheet, one.question) || !sheet.answers[one.question.uid]; })[0];
      document.getElementById('i' + next.question.uid).scrollIntoView({ block: 'center' });
    } }, [words])]);
  }
  function task(id) {
    return Promise.all([Field.store.get('task', id), Field.store.get('sheet', id), Field.waiting()]).then(function (found) {
      var job = found[0], sheet = found[1] || (job && begin(job));
      if (!job && !synced) { awaited = true; return null; }
      if (!job) { window.location.hash = '#/'; return null; }
      return Field.store.get('version', sheet.version).then(function (form) {
        if (!form) { show([bar(found[2]), el('p', {}, ['这张检查表还没有带到手机，请联网后同步。'])]); return; }
        var asked = Field.asked(form, sheet), closed = sheet.state !== 'open';
        function done(question) { return sheet.answers[question.uid] && !Field.lacks(sheet, question); }
        function again(uid, quiet) { opened[id] = uid; if (!quiet) draw(); }
        var left = asked.filter(function (one) { return !done(one.question) && (one.question.required || sheet.answers[one.question.uid]); }).length;
        var items = asked.map(function (one, at) { return Field.item(sheet, one, at + 1, opened[id] === one.question.uid, again); });
        var whole = Object.keys(sheet.fields || {}).filter(function (name) { return ['location', 'signature', 'photos'].indexOf(name) >= 0; }).map(function (name) { return el('p', { role: 'alert' }, [sheet.fields[name].join('；')]); });
        var top = header(job, form, sheet, asked, done);
        show([
          top[0], bar(found[2]),
          el('main', { id: 'main', class: 'al-insp__main', tabindex: '-1', inert: closed }, [top[1], el('h2', { class: 'visually-hidden' }, ['检查内容']), sheet.message ? el('p', { role: 'alert' }, [sheet.message]) : null].concat(whole, items, [place(sheet), sign(sheet)])),
          closed ? null : foot(sheet, asked, left),
        ]);
      });
    });
  }
  /* After a synchronisation the list is drawn anew; on a sheet only the bar changes, so that nothing typed or signed is lost. */
  function refresh() {
    if (!/^#\/task\//.test(window.location.hash)) return draw();
    return Field.waiting().then(function (waiting) {
      var old = root.querySelector('.al-offline');
      if (old) old.replaceWith(bar(waiting));
    });
  }
  function draw() {
    var at = window.scrollY, match = /^#\/task\/(\d+)$/.exec(window.location.hash);
    return (match ? task(match[1]) : list()).then(function () { window.scrollTo(0, at); });
  }
  Field.draw = draw;
  window.addEventListener('hashchange', draw);
  window.addEventListener('online', function () { Field.sync().then(refresh); });
  window.addEventListener('offline', refresh);
  if (navigator.serviceWorker) navigator.serviceWorker.register('/safety/field/sw.js', { scope: '/safety/field/' });
  if (!Field.user) { show([el('p', {}, ['请先联网登录一次。'])]); return; }
  /* A sheet opened from its to-do before the phone holds it is drawn once the first synchronisation brought it. */
  function settled() { synced = true; return awaited ? draw() : refresh(); }
  draw().then(Field.sync).then(settled, settled);
  window.setInterval(function () { if (navigator.onLine) Field.waiting().then(function (waiting) { if (waiting) Field.sync().then(refresh); }); }, 20000);
})();
