/* Patrols on the field pages: own routes, and a stamp at a point by its label or by position. Kept and sent as every other errand. */
(function () {
  'use strict';
  var Field = window.Field, el = Field.el, STATES = { done: ['done', '已打卡'], late: ['back', '迟到'], missed: ['late', '漏打'], doubtful: ['back', '存疑'], open: ['todo', '待打卡'] }, scanned = {}, fixes = {}, FRESH = 120000;
  function hex(text) {
    return window.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)).then(function (buffer) {
      return Array.prototype.map.call(new Uint8Array(buffer), function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('');
    });
  }
  function code(text) { var found = /[?&]p=([\w-]+)/.exec(text); return found ? found[1] : text.trim(); }
  function metres(here, point) {
    function turn(degrees) { return degrees * Math.PI / 180; }
    var half = Math.pow(Math.sin(turn(point.lat - here.lat) / 2), 2) + Math.cos(turn(here.lat)) * Math.cos(turn(point.lat)) * Math.pow(Math.sin(turn(point.lng - here.lng) / 2), 2);
    return Math.round(12742000 * Math.asin(Math.sqrt(half)));
  }
  /* The round that is on; the server lists none on a day without. */
  function current(route, clock) {
    var found = -1;
    route.rounds.forEach(function (round, at) { if (round.from <= clock) found = at; });
    return found;
  }
  /* The routes as the server knew them, with what this phone stamped since in the round that is on. */
  function routes() {
    return Promise.all([Field.store.all('stamp'), Field.store.all('errand')]).then(function (found) {
      var now = Field.now(), day = now.slice(0, 10), clock = now.slice(11, 16);
      found[0].forEach(function (route) {
        var number = current(route, clock), round = route.rounds[number] || { from: '', begins: '', ends: '', known: {} }, over = round.ends && clock > round.ends, own = {};
        found[1].forEach(function (one) {
          var stamped = one.stamped || '';
          if (one.errand !== 'stamp' || one.state === 'open' || one.state === 'refused' || stamped.slice(0, 10) !== day || stamped.slice(11, 16) < round.from) return;
          if (!own[one.about] || stamped < own[one.about].stamped) own[one.about] = one;
        });
        route.round = round; route.number = number + 1;
        route.points.forEach(function (point) {
          var mine = own[point.id], known = route.day === day && round.known[point.id];
          if (known) { point.state = known[0]; point.at = known[1]; return; }
          point.at = mine ? mine.stamped.slice(11, 16) : '';
          point.state = mine ? (round.ends && point.at > round.ends ? 'late' : 'done') : (over ? 'missed' : 'open');
          point.waits = mine && mine.state !== 'sent';
        });
      });
      return found[0];
    });
  }
  function find(id) {
    return routes().then(function (all) {
      var found = null;
      all.forEach(function (route) { route.points.forEach(function (point, at) { if (point.id === id) found = { route: route, point: point, before: route.points.slice(0, at) }; }); });
      return found;
    });
  }
  /* Which point a label belongs to; its code goes into the stamp. */
  function labelled(text) {
    return Promise.all([routes(), hex(code(text))]).then(function (found) {
      var place = '';
      found[0].forEach(function (route) { route.points.forEach(function (point) { if (point.mark === found[1]) { scanned[point.id] = code(text); place = '#/stamp/' + point.id; } }); });
      return place;
    });
  }
  function counted(route, state) { return route.points.filter(function (point) { return point.state === state; }).length; }
  function standing(route) {
    var left = counted(route, 'open'), missed = counted(route, 'missed'), late = counted(route, 'late'), doubtful = counted(route, 'doubtful');
    if (!route.rounds.length) return ['idle', '今天不用巡查'];
    if (missed) return ['late', '漏打 ' + missed + ' 处'];
    if (left) return ['todo', '待打卡 ' + left + ' 处'];
    if (doubtful) return ['back', '存疑 ' + doubtful + ' 处'];
    return late ? ['back', '迟到 ' + late + ' 处'] : ['done', '已走完'];
  }
  function times(route) {
    if (!route.rounds.length) return '今天不用巡查';
    return (route.rounds.length > 1 ? '第 ' + route.number + ' 轮（共 ' + route.rounds.length + ' 轮）' : '') + route.round.begins + '–' + route.round.ends + (route.ordered ? '，按顺序' : '');
  }
  Field.sections.push(function () {
    return routes().then(function (all) {
      return { title: '巡查打卡', lines: all.map(function (route) { return Field.line('#/walk/' + route.id, route.name, route.school + '，' + times(route), null, standing(route)); }) };
    });
  });
  Field.kinds.stamp = { name: '巡查打卡', at: function (errand) { return '#/stamp/' + errand.about; } };
  Field.arrivals.push(function (query) { return query.get('p') ? labelled(query.get('p')) : ''; });
  function labelBox() {
    var said = el('p', { class: 'mb-0', role: 'status' }), input = el('input', { class: 'form-control', autocomplete: 'off', autocapitalize: 'off', placeholder: '标签下面的字母和数字' });
    function go(text) {
      if (!text.trim()) { said.textContent = '请扫码或输入标签码'; input.focus(); return; }
      labelled(text).then(function (place) { if (place) window.location.hash = place; else said.textContent = '这不是您路线上的标签'; });
    }
    return el('section', { class: 'al-item', 'aria-labelledby': 'label-h' }, [
      el('h2', { id: 'label-h', class: 'h3' }, ['扫标签打卡']), Field.scanner(go), Field.field('code', '标签码', input),
      el('button', { type: 'button', class: 'btn btn-default', onclick: function () { go(input.value); } }, ['用标签码打卡']), said,
    ]);
  }
  function walk(id) {
    return routes().then(function (all) {
      var route = all.filter(function (one) { return one.id === id; })[0];
      if (!route) return null;
      return { title: route.name, subtitle: route.school + '，' + times(route), parts: [labelBox(), el('h2', { class: 'h3 mt-3' }, ['点位'])].concat(route.points.map(function (point, at) {
        return Field.line('#/stamp/' + point.id, (at + 1) + '. ' + point.name, point.at ? point.at + (point.waits ? '，存在手机里，有网后上传' : '') : '还没有打卡', null, STATES[point.state]);
      })) };
    });
  }
  function where(errand, point) {
    var fix = fixes[point.id];
    if (point.lat == null) return errand.values.code ? '这个点位没有登记位置' : '这个点位没有登记位置，请扫标签打卡';
    if (!fix || fix.lat == null) return fix && fix.asked ? '正在定位…' : '没有定位';
    var far = metres(fix, point), near = far <= point.radius;
    return '离点位 ' + far + ' 米，' + (near ? '在点位' : (errand.values.code ? '会标为不在点位' : '请走近再打，或扫标签'));
  }
  /* The line that says where; an answer may come before the page it stands on is drawn. */
  var words = null;
  /* Where the phone is now; what it measured earlier counts no more. It is kept beside the stamp, never over what is being typed. */
  function locate(errand, point) {
    function done(fix) {
      fixes[point.id] = fix ? { lat: fix.lat, lng: fix.lng, at: Date.now() } : {};
      if (words && words.id === point.id) words.line.textContent = where(errand, point);
    }
    fixes[point.id] = { asked: true };
    Field.locate(done, function () { done(null); });
  }
  window.addEventListener('hashchange', function () { fixes = {}; });
  function lacking(errand, known) {
    var point = known.point, fix = fixes[point.id] || {}, first = known.route.ordered && known.before.filter(function (one) { return !one.at; })[0];
    if (first) return '要按顺序打卡，请先到“' + first.name + '”';
    if (fix.asked) return '正在定位，请稍等';
    if (fix.at && Date.now() - fix.at > FRESH) { delete fixes[point.id]; return '定位已过去几分钟，已重新定位，请再点一次打卡'; }
    if (!errand.values.code && (point.lat == null || fix.lat == null)) return '没有定位，请扫标签打卡';
    if (!errand.values.code && metres(fix, point) > point.radius) return '离点位还有 ' + metres(fix, point) + ' 米，请走近再打，或扫标签';
    if (errand.values.fine === false && !(errand.values.note || '').trim()) return '发现异常要写明情况';
    errand.values.lat = fix.lat; errand.values.lng = fix.lng;
    errand.values.at = errand.stamped = Field.now();
    return '';
  }
  function stamp(id) {
    return Promise.all([find(id), Field.store.all('errand')]).then(function (found) {
      var known = found[0], begun = found[1].filter(function (one) { return one.errand === 'stamp' && one.about === id && one.state !== 'sent' && one.state !== 'waiting' && one.state !== 'pictures'; })[0];
      if (!known) return null;
      var writing = Field.writing, errand = begun || writing.begin('stamp', id, 'photo', known.point.name, null);
      errand.back = '#/walk/' + known.route.id;
      if (scanned[id]) errand.values.code = scanned[id];
      var fine = errand.values.fine === false ? 'no' : 'yes';
      var line = el('p', { id: 'stamp-where', class: 'al-meta', role: 'status' }, []);
      words = { id: known.point.id, line: line };
      if (errand.state === 'open' && known.point.lat != null && !fixes[id]) locate(errand, known.point);
      line.textContent = where(errand, known.point);
      return writing.page(errand, known.point.name, known.route.name + '，' + times(known.route), [
        el('section', { class: 'al-item', 'aria-labelledby': 'where-h' }, [
          el('h2', { id: 'where-h', class: 'h3' }, [errand.values.code ? '已扫标签' : '用定位打卡']), line,
          el('button', { type: 'button', class: 'btn btn-default', onclick: function () { locate(errand, known.point); Field.draw(); } }, [Field.icon('map-pin'), '重新定位']),
        ]),
        el('section', { class: 'al-item' }, [
          writing.choice('fine', '情况', [{ code: 'yes', label: '正常', tone: 'done' }, { code: 'no', label: '异常', tone: 'late' }], fine, function (chosen) { errand.values.fine = chosen === 'yes'; Field.keep(errand).then(Field.draw); }),
          writing.written(errand, 'note', '说明', true, fine === 'no' ? '必填' : ''),
        ]),
        writing.pictures(errand, known.point.name, '现场照片'),
      ], '打卡', function () { delete scanned[id]; return lacking(errand, known); });
    });
  }
  walk.readonly = true;
  Field.errands.walk = walk;
  Field.errands.stamp = stamp;
})();
