/* Service worker of the field pages: keeps the page and its files, never data. FILES and NAME are put in by the server. */
'use strict';
self.addEventListener('install', function (event) {
  event.waitUntil(caches.open(NAME).then(function (cache) { return cache.addAll(FILES); }).then(function () { return self.skipWaiting(); }));
});
self.addEventListener('activate', function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name.indexOf('anlan-field-') === 0 && name !== NAME; }).map(function (name) { return caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});
self.addEventListener('fetch', function (event) {
  var url = new URL(event.request.url), path = url.pathname;
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (path === '/safety/field/') {
    /* Kept anew each time: without a network the page opens for whoever signed in last. */
    event.respondWith(fetch(event.request).then(function (answer) {
      var copy = answer.ok && !answer.redirected && answer.type === 'basic' ? answer.clone() : null;
      if (copy) event.waitUntil(caches.open(NAME).then(function (cache) { return cache.put(path, copy); }));
      return answer;
    }, function () { return caches.match(path); }));
  } else if (FILES.indexOf(path) >= 0) {
    event.respondWith(caches.match(path).then(function (kept) {
      return kept || fetch(event.request).then(function (answer) {
        var copy = answer.ok ? answer.clone() : null;
        if (copy) event.waitUntil(caches.open(NAME).then(function (cache) { return cache.put(path, copy); }));
        return answer;
      });
    }));
  }
});
