/* Charts and maps of the pages that load ECharts: options come from data blocks, colours from the tokens. */
(function () {
  'use strict';
  var drawn = [];
  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function palette() { return [1, 2, 3, 4, 5, 6].map(function (n) { return token('--al-c' + n); }); }
  function data(id) { var block = document.getElementById(id); return block ? JSON.parse(block.textContent) : null; }
  function font() { return getComputedStyle(document.body).fontFamily; }
  function chart(box) {
    var option = data(box.dataset.alChart), ink = token('--al-ink-3'), line = token('--al-line');
    if (!option) return;
    option.animation = false;
    option.color = option.color || palette();
    option.textStyle = { fontFamily: font(), color: ink };
    option.tooltip = Object.assign({ renderMode: 'richText' }, option.tooltip);
    option.aria = { enabled: true };
    ['xAxis', 'yAxis'].forEach(function (axis) {
      if (!option[axis]) return;
      option[axis] = Object.assign({ axisLabel: { color: ink }, axisLine: { lineStyle: { color: line } }, splitLine: { lineStyle: { color: line } } }, option[axis]);
    });
    var drawing = window.echarts.init(box, null, { renderer: 'canvas' });
    drawing.setOption(option);
    drawn.push(drawing);
  }
  /* A point is [longitude, latitude, name, kind]; kinds are 0 normal, 1 open hazards, 2 late, 3 an event going on. */
  var KINDS = [['#5FA9BF', 'circle', 7], ['#F0BE3C', 'circle', 9], ['#FF7B63', 'triangle', 13], ['#FF7B63', 'circle', 11]];
  function series(points, flat) {
    return KINDS.map(function (kind, n) {
      return {
        type: n === 3 ? 'effectScatter' : 'scatter', coordinateSystem: flat ? 'cartesian2d' : 'geo', symbol: kind[1], symbolSize: kind[2], z: 4 + n,
        itemStyle: { color: kind[0] }, rippleEffect: { scale: 3, brushType: 'stroke', period: 5 },
        data: points.filter(function (p) { return p[3] === n; }).map(function (p) { return { name: p[2], value: [p[0], p[1]] }; })
      };
    });
  }
  function paint(box, points, boundary) {
    var wall = document.body.classList.contains('al-wall'), ground = wall ? '#14343F' : token('--al-sunken'), edge = wall ? '#2B5867' : token('--al-line-2');
    var option = { animation: false, textStyle: { fontFamily: font() }, tooltip: { renderMode: 'richText', formatter: '{b}' }, series: series(points, !boundary) };
    if (boundary) {
      window.echarts.registerMap('area', boundary);
      option.geo = { map: 'area', roam: false, itemStyle: { areaColor: ground, borderColor: edge }, emphasis: { disabled: true }, label: { show: true, color: wall ? '#C4D6DC' : token('--al-ink-3') } };
    } else {
      option.xAxis = { show: false, scale: true }; option.yAxis = { show: false, scale: true };
    }
    var drawing = window.echarts.init(box, null, { renderer: 'canvas' });
    drawing.setOption(option);
    drawn.push(drawing);
  }
  function map(box) {
    var points = data(box.dataset.points) || [];
    if (!box.dataset.boundary) { paint(box, points, null); return; }
    window.fetch(box.dataset.boundary).then(function (answer) { return answer.json(); }).then(function (boundary) { paint(box, points, boundary); });
  }
  /* A screen that hangs for weeks is swapped every half minute: drawings of what left the page are freed. */
  function free() {
    drawn = drawn.filter(function (d) {
      if (document.body.contains(d.getDom())) return true;
      d.dispose();
      return false;
    });
  }
  function start(where) {
    if (!window.echarts) return;
    free();
    Array.prototype.forEach.call(where.querySelectorAll('[data-al-chart]'), chart);
    Array.prototype.forEach.call(where.querySelectorAll('[data-al-map]'), map);
  }
  document.addEventListener('DOMContentLoaded', function () { start(document); });
  document.addEventListener('htmx:afterSettle', function (e) { start(e.detail.elt.parentNode || document); });
  window.addEventListener('resize', function () { drawn.forEach(function (d) { d.resize(); }); });
})();
