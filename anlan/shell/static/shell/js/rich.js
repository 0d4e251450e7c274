/* Editor for simple rich text: <textarea data-al-rich>. Headings, bold, lists, links; the server cleans what is sent. */
(function () {
  'use strict';
  var BUTTONS = [['formatBlock', '标题', 'h3'], ['bold', '加粗', ''], ['insertUnorderedList', '列表', ''], ['insertOrderedList', '编号', ''], ['createLink', '链接', ''], ['removeFormat', '清除格式', '']];
  function label(area) { return document.querySelector('label[for="' + area.id + '"]'); }
  function act(pad, area, name, value) {
    pad.focus();
    if (name === 'createLink') { value = window.prompt('网址'); if (!/^https?:\/\//.test(value || '')) return; }
    if (name === 'formatBlock' && document.queryCommandValue('formatBlock') === value) value = 'p';
    document.execCommand(name, false, value ? (name === 'formatBlock' ? '<' + value + '>' : value) : null);
    sync(pad, area);
  }
  function sync(pad, area) { area.value = pad.textContent.trim() || pad.querySelector('img') ? pad.innerHTML : ''; area.dispatchEvent(new Event('input', { bubbles: true })); }
  function plain(text) { var box = document.createElement('p'); box.textContent = text; return box.innerHTML.replace(/\n{2,}/g, '</p><p>').replace(/\n/g, '<br>'); }
  /* What was typed is never run here: it is parsed apart and loses everything but plain formatting. */
  function tidy(html) {
    var parsed = new DOMParser().parseFromString(html, 'text/html'), allowed = /^(P|BR|H2|H3|H4|B|STRONG|I|EM|U|UL|OL|LI|A|TABLE|THEAD|TBODY|TR|TH|TD|BLOCKQUOTE|DIV|SPAN)$/;
    Array.prototype.slice.call(parsed.body.querySelectorAll('*')).forEach(function (el) {
      if (!allowed.test(el.tagName)) { if (/^(SCRIPT|STYLE|IFRAME|OBJECT|TEMPLATE)$/.test(el.tagName)) el.remove(); else { while (el.firstChild) el.parentNode.insertBefore(el.firstChild, el); el.remove(); } return; }
      Array.prototype.slice.call(el.attributes).forEach(function (a) { if (!(el.tagName === 'A' && a.name === 'href' && /^https?:/.test(a.value))) el.removeAttribute(a.name); });
    });
    return parsed.body;
  }
  function fill(pad, html) { var body = tidy(html); pad.textContent = ''; while (body.firstChild) pad.appendChild(body.firstChild); }
  function dress(area) {
    if (area.alRich) return;
    area.alRich = true;
    var box = document.createElement('div'), bar = document.createElement('div'), pad = document.createElement('div'), words = label(area);
    box.className = 'al-rich'; bar.className = 'al-rich__bar'; bar.setAttribute('role', 'toolbar'); bar.setAttribute('aria-label', '格式');
    pad.className = 'al-rich__pad al-prose form-control'; pad.contentEditable = 'true'; pad.setAttribute('role', 'textbox'); pad.setAttribute('aria-multiline', 'true');
    if (words) { words.id = words.id || area.id + '-l'; pad.setAttribute('aria-labelledby', words.id); words.addEventListener('click', function () { pad.focus(); }); }
    if (area.getAttribute('aria-describedby')) pad.setAttribute('aria-describedby', area.getAttribute('aria-describedby'));
    if (area.getAttribute('aria-invalid')) { pad.setAttribute('aria-invalid', 'true'); pad.classList.add('is-invalid'); }
    BUTTONS.forEach(function (said) {
      var b = document.createElement('button');
      b.type = 'button'; b.className = 'btn btn-sm btn-text'; b.textContent = said[1];
      b.addEventListener('click', function () { act(pad, area, said[0], said[2]); });
      bar.appendChild(b);
    });
    fill(pad, area.value.indexOf('<') < 0 ? '<p>' + plain(area.value) + '</p>' : area.value);
    pad.addEventListener('input', function () { sync(pad, area); });
    pad.addEventListener('paste', function (e) {
      var data = e.clipboardData, html = data && data.getData('text/html');
      if (!html) return;
      e.preventDefault();
      document.execCommand('insertHTML', false, tidy(html).innerHTML);
      sync(pad, area);
    });
    box.appendChild(bar); box.appendChild(pad);
    area.parentNode.insertBefore(box, area);
    area.hidden = true;
  }
  function start(where) { Array.prototype.forEach.call(where.querySelectorAll('textarea[data-al-rich]'), dress); }
  document.addEventListener('DOMContentLoaded', function () { start(document); });
  document.addEventListener('htmx:afterSettle', function (e) { start(e.detail.elt); });
})();
