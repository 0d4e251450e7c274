/* Talking to the server: JSON in, JSON out; a refusal is an Error with status, message and fields. */
(function () {
  'use strict';
  var Field = window.Field, PIECE = 262144;
  function refusal(status, body) {
    var error = new Error(body.message || '没传上去');
    error.status = status; error.fields = body.fields || {};
    return error;
  }
  function ask(method, url, options) {
    var headers = { Accept: 'application/json', 'HX-Request': 'true' }, name;
    if (method !== 'GET') headers['X-CSRFToken'] = Field.csrf || '';
    for (name in options.headers) headers[name] = options.headers[name];
    return fetch(url, { method: method, headers: headers, body: options.body, credentials: 'same-origin', cache: 'no-store' }).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (body) {
        if (!answer.ok) throw refusal(answer.status, body);
        return body;
      });
    });
  }
  Field.get = function (url) { return ask('GET', url, {}); };
  Field.post = function (url, value) {
    return ask('POST', url, { body: JSON.stringify(value || {}), headers: { 'Content-Type': 'application/json' } });
  };
  function hex(buffer) {
    return Array.prototype.map.call(new Uint8Array(buffer), function (byte) { return ('0' + byte.toString(16)).slice(-2); }).join('');
  }
  function pieces(uid, bytes, offset) {
    if (offset >= bytes.byteLength) return Promise.resolve();
    var piece = bytes.slice(offset, offset + PIECE);
    return ask('PATCH', '/files/uploads/' + uid + '/', { body: piece, headers: { 'Upload-Offset': String(offset), 'Content-Type': 'application/octet-stream' } })
      .then(function (said) { return pieces(uid, bytes, said.offset); });
  }
  /* A file goes up in pieces under its own uid; whatever was interrupted goes on where the server stands. */
  Field.upload = function (uid, file, bytes) {
    return window.crypto.subtle.digest('SHA-256', bytes).then(function (digest) {
      return Field.post('/files/uploads/', { uid: uid, name: file.name, size: bytes.byteLength, sha256: hex(digest), taken_at: file.taken, caption: file.caption || '', latitude: file.lat, longitude: file.lng });
    }).then(function (said) { return ['ready', 'adopted', 'stored', 'checking'].indexOf(said.state) >= 0 ? said : pieces(uid, bytes, said.offset); });
  };
})();
