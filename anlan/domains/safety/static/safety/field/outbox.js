/* The one outbox of the phone. Sheets and errands lie here sealed until the server has them; each has a uid of its own, so that repeats do no harm. States: open, waiting, pictures, sent, refused. */
(function () {
  'use strict';
  var Field = window.Field, UNSENT = ['waiting', 'pictures'];
  function shelf(entry) { return entry.errand ? 'errand' : 'sheet'; }
  function name(entry) { return entry.errand ? entry.uid : entry.task; }
  function put(entry) { return Field.store.put(shelf(entry), name(entry), entry); }
  function all() {
    return Promise.all([Field.store.all('sheet'), Field.store.all('errand')]).then(function (found) { return found[0].concat(found[1]); });
  }
  function drop(entry) {
    entry.state = 'dropped';
    return Promise.all(Object.keys(entry.files).map(function (uid) { return Field.store.remove('file', uid); }).concat([Field.store.remove(shelf(entry), name(entry))]));
  }
  /* One picture after the other; what was interrupted goes on where the server stands, one that was refused waits for a person. */
  function pictures(entry) {
    return Object.keys(entry.files).reduce(function (before, uid) {
      return before.then(function () {
        var file = entry.files[uid];
        if (file.sent) return null;
        return Field.store.getBytes('file', uid).then(function (bytes) {
          if (!bytes) { file.sent = true; return null; }
          return Field.upload(uid, file, bytes);
        }).then(function () {
          file.sent = true; file.failed = '';
          return put(entry);
        }, function (error) {
          file.failed = error.status ? error.message : '没有网络';
          return put(entry).then(function () { if (!error.status || error.status === 401 || error.status >= 500) throw error; });
        });
      });
    }, Promise.resolve());
  }
  function complete(entry) { return Object.keys(entry.files).every(function (uid) { return entry.files[uid].sent; }); }
  /* Sent: nothing of it stays on the phone but that it was sent. */
  function finish(entry) {
    var uids = Object.keys(entry.files);
    entry.state = 'sent'; entry.sent = Date.now(); entry.message = ''; entry.fields = {};
    entry.answers = {}; entry.values = {}; entry.photos = []; entry.files = {}; entry.signature = ''; entry.location = null;
    return put(entry).then(function () { return Promise.all(uids.map(function (uid) { return Field.store.remove('file', uid); })); });
  }
  function refused(entry, error) {
    if (!error.status || error.status >= 500 || error.status === 401) throw error;
    entry.message = error.message || '没有收下'; entry.fields = error.fields || {};
    entry.state = error.status === 422 ? 'open' : 'refused';
    if (error.status === 404) entry.message = '这件事已不在您名下，您填的内容还在手机里';
    if (error.status === 403) entry.message = '现在不能提交（任务已撤回、已转给别人，或您的权限变了），您填的内容还在手机里';
    return put(entry);
  }
  /* Answers to what the present version asks; those to questions it no longer has stay on the phone. */
  function given(sheet) {
    return Field.store.get('version', sheet.version).then(function (form) {
      var known = Field.questions(form);
      return Object.keys(sheet.answers).filter(function (question) { return known[question]; }).map(function (question) { return sheet.answers[question]; });
    });
  }
  function handSheet(sheet) {
    var said = { location: sheet.location, signature: sheet.signature || '', submitted_at: sheet.submitted };
    return given(sheet).then(function (answers) { said.answers = answers; }).then(function () { return Field.post('/safety/field/tasks/' + sheet.task + '/sheet', { uid: sheet.uid, started_at: sheet.started }); }).then(function (opened) {
      sheet.response = opened.response;
      return Field.post('/forms/responses/' + sheet.response + '/submit.json', said);
    }).then(function () { sheet.state = 'pictures'; sheet.message = ''; return put(sheet); });
  }
  function sendSheet(sheet) {
    var first = sheet.state === 'waiting' ? handSheet(sheet).catch(function (error) { return refused(sheet, error); }) : Promise.resolve();
    return first.then(function () {
      if (sheet.state !== 'pictures') return null;
      return pictures(sheet).then(function () {
        if (!complete(sheet)) return null;
        return Field.post('/forms/responses/' + sheet.response + '/files.json').then(function () { return finish(sheet); });
      });
    });
  }
  function sendErrand(errand) {
    return pictures(errand).then(function () {
      var files = {};
      if (!complete(errand)) { errand.state = 'open'; errand.message = '有照片没有传上，请重传或移除'; return put(errand); }
      if (errand.photos.length) files[errand.slot] = errand.photos;
      return Field.post('/safety/field/outbox', { uid: errand.uid, kind: errand.errand, pk: errand.about || 0, version: errand.version, values: errand.values, files: files })
        .then(function (said) { errand.url = said.url; return finish(errand); }, function (error) { return refused(errand, error); });
    });
  }
  Field.outbox = {
    all: all, put: put, given: given, drop: drop, pictures: pictures,
    /* In the order in which they were handed in, so that what relies on an earlier one comes after it. */
    unsent: function () {
      return all().then(function (list) { return list.filter(function (one) { return UNSENT.indexOf(one.state) >= 0; }).sort(function (a, b) { return Date.parse(a.submitted) - Date.parse(b.submitted); }); });
    },
    send: function (entry) { return entry.errand ? sendErrand(entry) : sendSheet(entry); },
    /* A single picture again; the rest is left alone. */
    retry: function (entry, uid) {
      return Field.store.getBytes('file', uid).then(function (bytes) { return Field.upload(uid, entry.files[uid], bytes); }).then(function () {
        entry.files[uid].sent = true; entry.files[uid].failed = '';
        return put(entry);
      }, function (error) { entry.files[uid].failed = error.status ? error.message : '没有网络'; return put(entry); });
    },
  };
  Field.waiting = function () { return Field.outbox.unsent().then(function (list) { return list.length; }); };
})();
