/* Duty on the field pages: own shifts, signing in and out with the position, and the log. Kept and sent as every other errand. */
(function () {
  'use strict';
  var Field = window.Field, el = Field.el, fixes = {}, DO = { in: '签到', out: '签退', log: '记日志' };
  function mine(about, what) {
    return Field.store.all('errand').then(function (list) {
      return list.filter(function (one) { return one.errand === 'duty' && one.values && String(one.about) === String(about) && (!what || one.values.do === what); });
    });
  }
  function shift(id) {
    return Field.store.all('duty').then(function (list) { return list.filter(function (one) { return one.id === String(id); })[0]; });
  }
  function times(one) { return one.begins.slice(5, 16).replace('T', ' ') + ' 至 ' + one.ends.slice(5, 16).replace('T', ' '); }
  /* What the server knows, with what this phone wrote since. */
  function known(one) {
    return mine(one.id).then(function (list) {
      list.forEach(function (errand) {
        var at = (errand.values.at || errand.submitted || '').slice(11, 16);
        if (errand.state === 'open' || errand.state === 'refused' || !at) return;
        if (errand.values.do === 'log') { if (errand.state !== 'sent') one.log.push({ at: at, text: (errand.values.text || '无异常') + '（待上传）' }); return; }
        one[errand.values.do] = one[errand.values.do] || at;
      });
      return one;
    });
  }
  function state(one) {
    if (one.out) return ['done', '已签退'];
    if (one.in) return ['doing', '在岗'];
    return Field.now() >= one.begins ? ['late', '未签到'] : ['todo', '待签到'];
  }
  Field.sections.push(function () {
    return Field.store.all('duty').then(function (all) { return Promise.all(all.map(known)); }).then(function (all) {
      all.sort(function (a, b) { return a.begins < b.begins ? -1 : 1; });
      return { title: '我的值班', lines: all.map(function (one) { return Field.line('#/duty/' + one.id, one.name + '，' + one.part, one.school + '，' + times(one), null, state(one)); }) };
    });
  });
  Field.kinds.duty = { name: '值班', at: function (errand) { return '#/duty_' + errand.values.do + '/' + errand.about; } };
  function page(id) {
    return shift(id).then(function (one) { return one && known(one); }).then(function (one) {
      if (!one) return null;
      var steps = [Field.line('#/duty_in/' + id, '签到', one.in ? one.in + ' 已签到' : '记下时间和位置', null, one.in ? ['done', '已签到'] : state(one)), Field.line('#/duty_log/' + id, '记日志', '巡查、来访、来电、平安报告、突发情况', null, ['doing', one.log.length + ' 条'])];
      if (one.in) steps.push(Field.line('#/duty_out/' + id, '签退', one.out ? one.out + ' 已签退' : '日志写好后签退', null, one.out ? ['done', '已签退'] : ['todo', '待签退']));
      return { title: one.name, subtitle: one.place + '，' + times(one), parts: steps.concat([
        el('h2', { class: 'h3 mt-3' }, ['日志']),
        one.log.length ? el('ol', { class: 'list-unstyled' }, one.log.map(function (line) { return el('li', {}, [line.at + ' ' + line.text]); })) : el('p', { class: 'al-meta' }, ['还没有记录，交班前至少要有一条']),
        el('p', {}, [el('a', { class: 'btn btn-default', href: one.watch }, ['交班、接班'])]),
      ]) };
    });
  }
  page.readonly = true;
  function words(id) {
    var fix = fixes[id];
    if (!fix || fix.asked) return '正在定位…';
    return fix.lat == null ? '没有定位，签到会标为“无定位”' : '已定位，与学校的距离由系统核对';
  }
  function locate(id) {
    function done(fix) {
      fixes[id] = fix ? { lat: fix.lat, lng: fix.lng } : {};
      var said = document.getElementById('duty-where');
      if (said) said.textContent = words(id);
    }
    fixes[id] = { asked: true };
    Field.locate(done, function () { done(null); });
  }
  window.addEventListener('hashchange', function () { fixes = {}; });
  function writing(id, what, parts, lacking) {
    return Promise.all([shift(id), mine(id, what)]).then(function (found) {
      var one = found[0], begun = found[1].filter(function (errand) { return errand.state !== 'sent' && errand.state !== 'waiting' && errand.state !== 'pictures'; })[0];
      if (!one) return null;
      var errand = begun || Field.writing.begin('duty', id, 'photo', DO[what] + '：' + one.name, null);
      errand.values.do = what;
      errand.back = '#/duty/' + id;
      return Field.writing.page(errand, DO[what], one.name + '，' + times(one), parts(errand, one), DO[what], function () {
        var missing = lacking(errand, one);
        if (!missing) errand.values.at = Field.now();
        return missing;
      });
    });
  }
  function arrive(id) {
    return writing(id, 'in', function (errand, one) {
      if (errand.state === 'open' && !fixes[id]) locate(id);
      return [el('section', { class: 'al-item' }, [
        el('p', { id: 'duty-where', role: 'status' }, [words(id)]),
        el('button', { type: 'button', class: 'btn btn-default', onclick: function () { locate(id); Field.draw(); } }, [Field.icon('map-pin'), '重新定位']),
      ]), Field.writing.pictures(errand, one.school, '照片（可不拍）')];
    }, function (errand) {
      var fix = fixes[id] || {};
      if (fix.asked) return '正在定位，请稍等';
      errand.values.lat = fix.lat; errand.values.lng = fix.lng;
      return '';
    });
  }
  function leave(id) {
    return writing(id, 'out', function () { return [el('p', {}, ['签退后这一班的时间就记下了。'])]; }, function (errand, one) { return one.log.length ? '' : '值班日志还是空的，请先记日志'; });
  }
  function log(id) {
    return writing(id, 'log', function (errand, one) {
      return [el('section', { class: 'al-item' }, [
        Field.writing.choice('kind', '类别', one.kinds.map(function (kind) { return { code: kind[0], label: kind[1], tone: kind[0] === 'incident' ? 'late' : '' }; }), errand.values.kind || '', function (code) { errand.values.kind = code; Field.keep(errand).then(Field.draw); }),
        Field.writing.written(errand, 'text', '内容', true, errand.values.kind === 'calm' ? '' : '必填'),
      ]), Field.writing.pictures(errand, one.school, '照片（可不拍）')];
    }, function (errand) {
      if (!errand.values.kind) return '请选择类别';
      return errand.values.kind === 'calm' || (errand.values.text || '').trim() ? '' : '请写明情况';
    });
  }
  Field.errands.duty = page;
  Field.errands['duty_in'] = arrive;
  Field.errands['duty_out'] = leave;
  Field.errands['duty_log'] = log;
})();
