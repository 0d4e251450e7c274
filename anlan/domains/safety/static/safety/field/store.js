/* What the phone keeps: every row sealed with a key of this account that cannot leave the browser (AES-GCM, WebCrypto). */
(function () {
  'use strict';
  var Field = window.Field = window.Field || {}, opened, keys = {};
  function wait(request) {
    return new Promise(function (done, failed) {
      request.onsuccess = function () { done(request.result); };
      request.onerror = function () { failed(request.error); };
    });
  }
  function database() {
    opened = opened || new Promise(function (done, failed) {
      var request = window.indexedDB.open('anlan-field', 1);
      request.onupgradeneeded = function () { request.result.createObjectStore('keys'); request.result.createObjectStore('rows'); };
      request.onsuccess = function () { done(request.result); };
      request.onerror = function () { failed(request.error); };
    });
    return opened;
  }
  function store(name, mode) {
    return database().then(function (db) { return db.transaction(name, mode || 'readonly').objectStore(name); });
  }
  function keyOf(user) {
    keys[user] = keys[user] || store('keys').then(function (rows) { return wait(rows.get(user)); }).then(function (key) {
      if (key) return key;
      return window.crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']).then(function (made) {
        return store('keys', 'readwrite').then(function (rows) { return wait(rows.put(made, user)); }).then(function () { return made; });
      });
    });
    return keys[user];
  }
  function name(kind, id) { return Field.user + '/' + kind + '/' + id; }
  function seal(bytes) {
    var iv = window.crypto.getRandomValues(new Uint8Array(12));
    return keyOf(Field.user).then(function (key) { return window.crypto.subtle.encrypt({ name: 'AES-GCM', iv: iv }, key, bytes); })
      .then(function (data) { return { iv: iv, data: data, at: Date.now() }; });
  }
  function unseal(row) {
    return keyOf(Field.user).then(function (key) { return window.crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.iv }, key, row.data); });
  }
  var last = Promise.resolve();
  /* One after the other: sealing takes its time, and an older state must never be stored over a newer one. */
  function putBytes(kind, id, bytes) {
    var done = last.then(function () { return seal(bytes); }).then(function (row) { return store('rows', 'readwrite').then(function (rows) { return wait(rows.put(row, name(kind, id))); }); });
    last = done.catch(function () { return null; });
    return done;
  }
  function getBytes(kind, id) {
    return store('rows').then(function (rows) { return wait(rows.get(name(kind, id))); }).then(function (row) { return row ? unseal(row) : null; });
  }
  /* One object for each sheet and errand of this page: whoever reads it again, such as a page drawn anew or the synchronisation, must not hold a copy without what was typed meanwhile. */
  var live = {}, told = window.BroadcastChannel ? new window.BroadcastChannel('anlan-field') : null;
  if (told) told.onmessage = function (event) { delete live[event.data]; };
  function shared(kind) { return kind === 'sheet' || kind === 'errand'; }
  /* The object counts from now on; another tab lets go of its own once this one is stored. */
  function changed(kind, id, value, storing) {
    var key = name(kind, id);
    if (!shared(kind)) return storing();
    if (value) live[key] = value; else delete live[key];
    return storing().then(function (done) { if (told) told.postMessage(key); return done; });
  }
  Field.store = {
    put: function (kind, id, value) { return changed(kind, id, value, function () { return putBytes(kind, id, new TextEncoder().encode(JSON.stringify(value))); }); },
    get: function (kind, id) {
      var key = name(kind, id);
      if (live[key]) return Promise.resolve(live[key]);
      return getBytes(kind, id).then(function (bytes) {
        var value = bytes ? JSON.parse(new TextDecoder().decode(bytes)) : null;
        if (value && shared(kind)) live[key] = live[key] || value;
        return live[key] || value;
      });
    },
    /* The row as it stands, or else this new one, which counts from now on although it is stored only once it is touched. */
    begin: function (kind, id, value) { var key = name(kind, id); live[key] = live[key] || value; return live[key]; },
    putBytes: putBytes,
    getBytes: getBytes,
    ids: function (kind) {
      var start = name(kind, '');
      return store('rows').then(function (rows) { return wait(rows.getAllKeys(window.IDBKeyRange.bound(start, start + '\uffff'))); })
        .then(function (found) { return found.map(function (key) { return key.slice(start.length); }); });
    },
    all: function (kind) {
      return Field.store.ids(kind).then(function (ids) { return Promise.all(ids.map(function (id) { return Field.store.get(kind, id); })); });
    },
    remove: function (kind, id) { return changed(kind, id, null, function () { return store('rows', 'readwrite').then(function (rows) { return wait(rows.delete(name(kind, id))); }); }); },
  };
  /* UUIDv7, so that rows made on the phone sort by time. */
  Field.uid = function () {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16)), now = Date.now(), at;
    for (at = 5; at >= 0; at -= 1) { bytes[at] = now % 256; now = Math.floor(now / 256); }
    bytes[6] = (bytes[6] & 0x0f) | 0x70; bytes[8] = (bytes[8] & 0x3f) | 0x80;
    var hex = Array.prototype.map.call(bytes, function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  };
})();
