/* Small parts of the pages: elements, marks, shrinking pictures. */
(function () {
  'use strict';
  var Field = window.Field, LONG = 1600;
  Field.el = function (tag, attributes, children) {
    var node = document.createElement(tag), name;
    for (name in attributes) {
      if (name.indexOf('on') === 0) node.addEventListener(name.slice(2), attributes[name]);
      else if (attributes[name] === true) node.setAttribute(name, '');
      else if (attributes[name] !== false && attributes[name] != null) node.setAttribute(name, attributes[name]);
    }
    (children || []).forEach(function (child) { if (child != null) node.appendChild(typeof child === 'string' ? document.createTextNode(child) : child); });
    return node;
  };
  Field.icon = function (name, small) {
    var svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    svg.setAttribute('class', small ? 'al-i al-i--s' : 'al-i'); svg.setAttribute('aria-hidden', 'true');
    use.setAttribute('href', document.getElementById('field').dataset.icons + '#' + name);
    svg.appendChild(use);
    return svg;
  };
  Field.chip = function (tone, word) { return Field.el('span', { class: 'al-chip is-' + tone }, [word]); };
  Field.shrink = function (file) {
    if (!/^image\//.test(file.type)) return file.arrayBuffer();
    return new Promise(function (done) {
      var picture = new Image(), url = URL.createObjectURL(file);
      picture.onload = function () {
        var scale = Math.min(1, LONG / Math.max(picture.naturalWidth, picture.naturalHeight)), canvas = document.createElement('canvas');
        canvas.width = Math.round(picture.naturalWidth * scale); canvas.height = Math.round(picture.naturalHeight * scale);
        canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
        URL.revokeObjectURL(url);
        canvas.toBlob(function (blob) { done((blob || file).arrayBuffer()); }, 'image/jpeg', 0.85);
      };
      picture.onerror = function () { URL.revokeObjectURL(url); done(file.arrayBuffer()); };
      picture.src = url;
    });
  };
  Field.now = function () {
    var moment = new Date(), shift = -moment.getTimezoneOffset(), sign = shift < 0 ? '-' : '+';
    function two(number) { return ('0' + Math.abs(number)).slice(-2); }
    return new Date(moment.getTime() + shift * 60000).toISOString().slice(0, 19) + sign + two(Math.floor(Math.abs(shift) / 60)) + ':' + two(Math.abs(shift) % 60);
  };
})();
