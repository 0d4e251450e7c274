/* The field pages: what lies ahead, one sheet, one errand, by the part of the address after #. Works without a network. */
(function () {
  'use strict';
  var Field = window.Field, el = Field.el, root = document.getElementById('field'), opened = {}, drawn = {}, synced = false, awaited = false;
  Field.user = root.dataset.user || window.localStorage.getItem('al-person') || '';
  if (root.dataset.user) window.localStorage.setItem('al-person', root.dataset.user);
  function bar(waiting) {
    var here = /^#\/task\/(\d+)$/.exec(window.location.hash), newer = here && Field.newer === here[1], stopped = here && Field.stopped && Field.stopped[here[1]];
    var text = Field.problem || stopped || (newer ? '另一台设备上有较新的答案' : (navigator.onLine ? (waiting ? '正在上传 ' + waiting + ' 份，请不要关闭' : '') : '没有网络。已存在手机里 ' + waiting + ' 份，有网后自动上传'));
    var more = newer ? el('button', { type: 'button', class: 'btn btn-sm btn-text', onclick: function () { Field.newer = ''; draw(); } }, ['看最新']) : null;
    if (Field.problem && /重新登录/.test(Field.problem)) more = el('a', { class: 'btn btn-sm btn-text', href: '/sign-in/?next=/safety/field/' }, ['去登录']);
    return el('div', { class: 'al-offline', role: 'status', hidden: !text }, [Field.icon('wifi-off'), el('span', { class: 'flex-fill' }, [text]), more]);
  }
  /* A page drawn anew under somebody's fingers leaves the cursor where it is. */
  function show(children) {
    var old = typing() && document.activeElement.id, range = old && document.activeElement.selectionStart;
    root.replaceChildren.apply(root, children.filter(Boolean));
    var now = old && document.getElementById(old);
    if (!now || now.disabled) return;
    now.focus({ preventScroll: true });
    if (range != null && now.setSelectionRange) try { now.setSelectionRange(range, range); } catch (unfit) { /* a date or a number has no cursor */ }
  }
  function top(back, title, subtitle, more) {
    return el('header', { class: 'al-insp__top' }, [el('div', { class: 'al-insp__bar' }, [el('a', { class: 'al-top__icon', href: back[0], 'aria-label': back[1] }, [Field.icon('chevron-left')]), el('h1', { class: 'al-mtop__title' }, [title, el('small', {}, [subtitle])])].concat(more || []))]);
  }
  var STATES = { open: ['doing', '填写中'], waiting: ['todo', '待上传'], pictures: ['todo', '照片待传'], sent: ['done', '已上传'], refused: ['back', '未收下'] };
  function line(href, title, meta, entry, otherwise) {
    var state = entry ? STATES[entry.state] : otherwise || ['idle', '未开始'];
    return el('a', { class: 'al-item d-block text-reset text-decoration-none', href: href }, [
      el('div', { class: 'al-item__h' }, [el('h3', {}, [title]), Field.chip(state[0], state[1])]),
      el('p', { class: 'al-meta mb-0' }, [meta]),
      entry && entry.message ? el('p', { class: 'mb-0', role: 'alert' }, [entry.message]) : null,
    ]);
  }
  Field.line = line;
  function section(title, lines) { return lines.length ? [el('h2', { class: 'h3 mt-3' }, [title])].concat(lines) : []; }
  function errandLine(errand) {
    var kind = Field.kinds[errand.errand];
    return line(errand.state === 'sent' ? errand.url : kind.at(errand), errand.title, kind.name + '，' + errand.made.slice(5, 16).replace('T', ' '), errand);
  }
  function list() {
    return Promise.all(['task', 'sheet', 'hazard', 'part', 'errand'].map(Field.store.all).concat([Field.waiting(), Field.store.get('quick', 'all'), Promise.all(Field.sections.map(function (brought) { return brought(); }))])).then(function (found) {
      var sheets = {}, about = {}, tasks = found[0].sort(function (a, b) { return a.due_at < b.due_at ? -1 : 1; });
      found[1].forEach(function (sheet) { sheets[sheet.task] = sheet; });
      found[4].forEach(function (one) { if (one.state !== 'sent' && one.about) about[one.errand + one.about] = one; });
      var listed = { rectify: found[2], self_check: found[3] }, more = found[7].reduce(function (all, one) { return all.concat(section(one.title, one.lines)); }, []);
      var loose = found[4].filter(function (one) { return one.state === 'sent' || !one.about || !(listed[one.errand] || []).some(function (row) { return row.id === one.about; }); });
      var none = !tasks.length && !found[2].length && !found[3].length && !loose.length && !more.length;
      var words = [tasks.length || !found[2].length ? '带走 ' + tasks.length + ' 项任务' : '', found[2].length ? found[2].length + ' 条隐患待整改' : '', found[3].length ? found[3].length + ' 份自查' : ''].filter(Boolean).join('，');
      show([
        top(['/', '返回工作台'], '现场工作', words, [el('button', { type: 'button', class: 'btn btn-sm btn-text', onclick: function () { Field.sync().then(refresh); } }, ['同步'])]),
        bar(found[5]),
        el('main', { id: 'main', class: 'al-insp__main', tabindex: '-1' }, [
          found[6] && found[6].kinds.length ? el('a', { class: 'btn btn-primary btn-lg w-100', href: '#/report' }, [Field.icon('camera'), '随手报']) : null,
        ].concat(
          section('巡查任务', tasks.map(function (task) { return line('#/task/' + task.id, task.school, task.title + '，' + task.due + ' 前', sheets[task.id], task.returned ? ['back', '退回补查'] : (task.late ? ['late', '已逾期'] : null)); })),
          section('待整改隐患', found[2].map(function (one) { return line('#/hazard/' + one.id, one.title, [one.place, one.due ? one.due + ' 前' : ''].filter(Boolean).join('，'), about['rectify' + one.id], [one.tone, one.state]); })),
          section('专项自查', found[3].map(function (one) { return line('#/part/' + one.id, one.title, one.due + ' 前', about['self_check' + one.id]); })),
          more,
          section('本机填写的', loose.map(errandLine)),
          none ? [el('p', { class: 'mt-3' }, [Field.synced || !navigator.onLine ? '现在没有要做的事。' : '正在同步…'])] : []
        )),
      ]);
    });
  }
  function begin(task) {
    return { task: task.id, uid: Field.uid(), version: task.version, facts: task.facts, caption: task.school, answers: {}, files: {}, location: null, signature: '', started: Field.now(), begun: Date.now(), state: 'open', message: '', fields: {} };
  }
  /* Answers given elsewhere meanwhile come in where they are later; a form exchanged meanwhile keeps every answer it still asks for. */
  function merged(sheet, task, server) {
    if (!sheet || !task || sheet.state !== 'open') return sheet;
    if (server && server.state === 'draft' && server.version === Number(sheet.version)) {
      server.answers.forEach(function (one) {
        var mine = sheet.answers[one.question];
        if (!mine || Date.parse(mine.at) < Date.parse(one.at)) sheet.answers[one.question] = one;
      });
    }
    if (sheet.version !== task.version) {
      sheet.former = sheet.version; sheet.version = task.version;
      sheet.message = '您填写时检查表换了新版：已填的答案都保留，请补齐新增的项目再提交';
    } else if (task.newer && !sheet.told) {
      sheet.told = true; sheet.message = '检查表已有新版，这次仍按您带走的版本提交，答案有效';
    }
    return sheet;
  }
  function place(sheet, needed) {
    var input = el('input', { class: 'form-control', id: 'place', value: sheet.location ? sheet.location.place : '', oninput: function () { hold(); } });
    function hold() { sheet.location = Object.assign({}, sheet.location, { place: input.value }); return Field.keep(sheet); }
    function put(words) { input.value = words; return hold(); }
    function locate() {
      Field.locate(function (fix) {
        sheet.location = { lat: fix.lat, lng: fix.lng, accuracy: fix.accuracy, reference: 'wgs84', place: input.value };
        Field.keep(sheet).then(draw);
      }, function () { input.placeholder = '没有定位，请写明地点'; input.focus(); });
    }
    var fix = sheet.location && sheet.location.accuracy != null ? '卫星定位 ±' + sheet.location.accuracy + ' 米' : '还没有定位，可以写明地点';
    return el('section', { class: 'al-item', 'aria-labelledby': 'where' }, [el('h3', { id: 'where' }, ['检查地点', needed ? el('span', { class: 'al-req' }, [' 必填']) : null]), el('p', { class: 'al-meta' }, [fix]), el('div', { class: 'al-field' }, [el('label', { class: 'form-label', for: 'place' }, ['地点说明']), input]), el('div', { class: 'd-flex gap-2' }, [el('button', { type: 'button', class: 'btn btn-default', onclick: locate }, [Field.icon('map-pin'), '定位']), Field.scanner(put)])]);
  }
  function sign(sheet, needed) {
    var canvas = el('canvas', { role: 'img', 'aria-label': '签名区' });
    function clear() { if (sheet.signature) { delete sheet.files[sheet.signature]; sheet.signature = ''; Field.keep(sheet).then(draw); } }
    var tick = el('label', { class: 'form-check mt-2' }, [el('input', { type: 'checkbox', class: 'form-check-input', checked: sheet.signature === 'confirmed', onchange: function (event) { sheet.signature = event.target.checked ? 'confirmed' : ''; Field.keep(sheet); } }), el('span', { class: 'form-check-label' }, ['不便手写：本人确认以上内容'])]);
    var box = el('section', { class: 'al-item', 'aria-labelledby': 'sign-h' }, [el('h3', { id: 'sign-h' }, ['签字', needed ? el('span', { class: 'al-req' }, [' 必填']) : null]), el('div', { class: 'al-sign' }, [el('span', {}, [sheet.signature ? '已签' : '请签字']), canvas, el('button', { type: 'button', class: 'btn btn-sm btn-text', onclick: clear }, ['重签'])]), tick]);
    window.requestAnimationFrame(function () {
      if (!window.SignaturePad || sheet.signature || sheet.state !== 'open') return;
      canvas.width = canvas.clientWidth; canvas.height = canvas.clientHeight;
      var pad = new window.SignaturePad(canvas, { backgroundColor: '#ffffff' });
      pad.addEventListener('endStroke', function () {
        canvas.toBlob(function (blob) {
          var uid = sheet.signature && sheet.signature !== 'confirmed' ? sheet.signature : Field.uid();
          blob.arrayBuffer().then(function (bytes) { return Field.store.putBytes('file', uid, bytes); }).then(function () {
            sheet.signature = uid; sheet.files[uid] = { name: uid + '.png', taken: Field.now(), sent: false };
            return Field.keep(sheet);
          });
        }, 'image/png');
      });
    });
    return box;
  }
  function segments(counts, whole) {
    var ns = 'http://www.w3.org/2000/svg', svg = document.createElementNS(ns, 'svg'), at = 0;
    svg.setAttribute('class', 'al-segbar'); svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', '合格 ' + counts.pass + '，不合格 ' + counts.fail + '，不适用 ' + counts.not_applicable);
    [['ok', counts.pass], ['no', counts.fail], ['na', counts.not_applicable]].forEach(function (part) {
      var bar = document.createElementNS(ns, 'rect'), share = whole ? part[1] / whole * 100 : 0;
      bar.setAttribute('class', part[0]); bar.setAttribute('x', at + '%'); bar.setAttribute('width', share + '%'); bar.setAttribute('height', '100%');
      svg.appendChild(bar); at += share;
    });
    return svg;
  }
  function header(task, form, sheet, asked, done) {
    var verdicts = { pass: 0, fail: 0, not_applicable: 0 };
    asked.forEach(function (one) { var given = sheet.answers[one.question.uid]; if (given && verdicts[given.value] != null) verdicts[given.value] += 1; });
    var sections = form.content.sections.map(function (section) {
      var inside = asked.filter(function (one) { return one.section === section.title; }), ready = inside.filter(function (one) { return done(one.question); });
      return el('a', { href: '#/task/' + task.id, onclick: function (event) { event.preventDefault(); var first = inside[0] && document.getElementById('i' + inside[0].question.uid); if (first) first.scrollIntoView(); } }, [section.title + ' ', el('span', { class: 'al-num' }, [ready.length + '/' + inside.length])]);
    });
    var head = top(['#/', '返回任务列表'], task.school, task.title);
    head.appendChild(el('div', { class: 'al-insp__prog', role: 'status' }, [el('span', { class: 'al-num' }, [el('b', {}, [String(asked.filter(function (one) { return done(one.question); }).length)]), ' / ' + asked.length + ' 项']), segments(verdicts, asked.length), el('span', { class: 'al-insp__n' }, [el('i', { class: 'is-done' }, [String(verdicts.pass)]), el('i', { class: 'is-late' }, [String(verdicts.fail)]), el('i', { class: 'is-idle' }, [String(verdicts.not_applicable)])])]));
    return [head, el('nav', { class: 'al-insp__secs', 'aria-label': '检查分类' }, sections)];
  }
  function hand(sheet) {
    document.activeElement.blur();
    sheet.state = 'waiting'; sheet.submitted = Field.now(); sheet.message = ''; sheet.fields = {};
    return Field.keep(sheet).then(function () { window.location.hash = '#/'; return Field.sync(); }).then(refresh);
  }
  function foot(sheet, asked, left) {
    var words = left ? '下一项未查，余 ' + left + ' 项' : '签字提交';
    return el('footer', { class: 'al-insp__foot' }, [el('button', { type: 'button', class: 'btn btn-primary btn-lg flex-fill', onclick: function () {
      if (!left) { hand(sheet); return; }
      var next = asked.filter(function (one) { return Field.lacks(sheet, one.question) || !sheet.answers[one.question.uid]; })[0], head = document.getElementById('i' + next.question.uid);
      head.scrollIntoView({ block: 'center' });
      var first = head.closest('.al-item').querySelector('input, textarea, button');
      if (first) first.focus({ preventScroll: true });
    } }, [words])]);
  }
  function ended(sheet) {
    if (sheet.state !== 'refused') return null;
    return el('div', { class: 'd-flex gap-2 mb-3' }, [
      el('button', { type: 'button', class: 'btn btn-default', onclick: function () { sheet.state = 'waiting'; Field.keep(sheet).then(Field.sync).then(draw); } }, ['再发一次']),
      el('button', { type: 'button', class: 'btn btn-danger', onclick: function () { Field.outbox.drop(sheet).then(function () { return Field.store.remove('task', sheet.task); }).then(function () { window.location.hash = '#/'; }); } }, ['看过了，删除']),
    ]);
  }
  /* Answers to questions the new form no longer asks stay there to be read. */
  function former(sheet, form, old) {
    var now = Field.questions(form), asked = Field.questions(old), gone = Object.keys(sheet.answers).filter(function (uid) { return !now[uid] && asked[uid]; });
    if (!gone.length) return null;
    return el('details', { class: 'al-item' }, [el('summary', {}, ['新表里没有的 ' + gone.length + ' 项，您填过的内容'])].concat(gone.map(function (uid) {
      var given = sheet.answers[uid], choice = asked[uid].choices.filter(function (one) { return one.code === given.value; })[0];
      return el('p', { class: 'mb-1' }, [asked[uid].text + '：' + (choice ? choice.label : given.value || '') + (given.note ? '，' + given.note : '')]);
    })));
  }
  /* What may not be changed stays readable: the controls are off, not hidden. */
  function still(main) { Array.prototype.forEach.call(main.querySelectorAll('input, textarea, select'), function (one) { one.disabled = true; }); }
  function task(id) {
    return Promise.all([Field.store.get('task', id), Field.store.get('sheet', id), Field.waiting(), Field.store.get('server', id)]).then(function (found) {
      var job = found[0], sheet = merged(found[1] || (job && Field.store.begin('sheet', id, begin(job))), job, found[3]);
      if (!job && !synced) { awaited = true; return null; }
      if (!job) { window.location.hash = '#/'; return null; }
      return Promise.all([Field.store.get('version', sheet.version), sheet.former ? Field.store.get('version', sheet.former) : null]).then(function (forms) {
        var form = forms[0];
        if (!form) { show([bar(found[2]), el('p', {}, ['这张检查表还没有带到手机，请联网后同步。'])]); return; }
        drawn[id] = sheet.version;
        var asked = Field.asked(form, sheet), closed = sheet.state !== 'open';
        function done(question) { return sheet.answers[question.uid] && !Field.lacks(sheet, question); }
        function again(uid, quiet) { opened[id] = uid; if (!quiet) draw(); }
        var left = asked.filter(function (one) { return !done(one.question) && (one.question.required || sheet.answers[one.question.uid]); }).length;
        var items = asked.map(function (one, at) { return Field.item(sheet, one, at + 1, closed || opened[id] === one.question.uid, again); });
        var whole = Object.keys(sheet.fields || {}).filter(function (name) { return ['location', 'signature', 'photos'].indexOf(name) >= 0; }).map(function (name) { return el('p', { role: 'alert' }, [sheet.fields[name].join('；')]); });
        var head = header(job, form, sheet, asked, done);
        var notes = [job.note ? el('p', { class: 'al-meta' }, [job.note]) : null, job.returned ? el('p', { role: 'note' }, ['退回原因：' + job.returned]) : null, sheet.message ? el('p', { role: 'alert' }, [sheet.message]) : null, former(sheet, form, forms[1])];
        var main = el('main', { id: 'main', class: 'al-insp__main', tabindex: '-1' }, [head[1], el('h2', { class: 'visually-hidden' }, ['检查内容'])].concat(notes, whole, [ended(sheet)], items, [place(sheet, form.content.located || job.located), sign(sheet, form.content.signed || job.signed)]));
        if (closed) still(main);
        show([head[0], bar(found[2]), main, closed ? null : foot(sheet, asked, left)]);
      });
    });
  }
  function errand(kind, id) {
    return Promise.all([Field.errands[kind](id), Field.waiting()]).then(function (found) {
      var page = found[0];
      if (!page && !synced) { awaited = true; return; }
      if (!page) { window.location.hash = '#/'; return; }
      var main = el('main', { id: 'main', class: 'al-insp__main', tabindex: '-1' }, [page.message ? el('p', { role: 'alert' }, [page.message]) : null].concat(page.parts));
      if (page.closed) still(main);
      show([top([page.back || '#/', '返回'], page.title, page.subtitle), bar(found[1]), main, page.closed || !page.verb ? null : el('footer', { class: 'al-insp__foot' }, [el('button', { type: 'button', class: 'btn btn-primary btn-lg flex-fill', onclick: page.act }, [page.verb])])]);
    });
  }
  /* The page the address names, as its kind and id; nothing for the list. */
  function here() {
    var match = /^#\/(\w+)(?:\/([\w-]+))?$/.exec(window.location.hash);
    return match && (match[1] === 'task' || Field.errands[match[1]]) ? match.slice(1) : null;
  }
  /* What the address was opened with, such as the code of a label just scanned; whoever knows it names the page. */
  function arrive() {
    var query = new URLSearchParams(window.location.search);
    return Promise.all(Field.arrivals.map(function (known) { return known(query); })).then(function (found) {
      var place = found.filter(Boolean)[0];
      if (place) window.history.replaceState(null, '', window.location.pathname + place);
    });
  }
  /* Whether the synchronisation brought something the sheet as drawn does not show: another version, later answers. */
  function outdated(id) {
    return Promise.all(['task', 'sheet', 'server'].map(function (kind) { return Field.store.get(kind, id); })).then(function (found) {
      var job = found[0], sheet = found[1], server = found[2];
      if (!job || !drawn[id]) return false;
      if (job.version !== drawn[id]) return true;
      return Boolean(server && server.state === 'draft' && (!sheet || sheet.state === 'open') && server.answers.some(function (one) {
        var mine = sheet && sheet.answers[one.question];
        return !mine || Date.parse(mine.at) < Date.parse(one.at);
      }));
    });
  }
  function typing() { return root.contains(document.activeElement) && /^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName); }
  /* After a synchronisation what is only read is drawn anew; where people fill in, only what came in from elsewhere is a reason to, and never while they type. */
  function refresh() {
    var open = here();
    if (!open || (Field.errands[open[0]] || {}).readonly) return draw();
    return (open[0] === 'task' ? outdated(open[1]) : Promise.resolve(false)).then(function (stale) {
      if (stale && !typing()) return draw();
      if (stale) Field.newer = open[1];
      return renew();
    });
  }
  function renew() {
    return Field.waiting().then(function (waiting) {
      var old = root.querySelector('.al-offline');
      if (old) old.replaceWith(bar(waiting));
    });
  }
  function draw() {
    var at = window.scrollY, open = here();
    return (!open ? list() : (open[0] === 'task' ? task(open[1]) : errand(open[0], open[1]))).then(function () { window.scrollTo(0, at); });
  }
  Field.draw = draw;
  Field.refresh = refresh;
  window.addEventListener('hashchange', draw);
  window.addEventListener('online', function () { Field.sync().then(refresh); });
  window.addEventListener('offline', refresh);
  if (navigator.serviceWorker) navigator.serviceWorker.register('/safety/field/sw.js', { scope: '/safety/field/' });
  if (!Field.user) { show([el('p', {}, ['请先联网登录一次。'])]); return; }
  /* A sheet opened from its to-do before the phone holds it is drawn once the first synchronisation brought it. */
  function settled() { synced = true; root.setAttribute('data-synced', '1'); return arrive().then(function () { return awaited || !here() ? draw() : refresh(); }); }
  arrive().then(draw).then(Field.sync).then(settled, settled);
  window.setInterval(function () { if (navigator.onLine) Field.waiting().then(function (waiting) { if (waiting) Field.sync().then(refresh); }); }, 20000);
})();
