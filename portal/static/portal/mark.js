// Marking words on a page: draw a box with a pointer, or go from word to word with the arrow keys. Typing the words works without this file.
(function () {
  "use strict";
  var stage = document.querySelector("[data-marking]");
  if (!stage) return;
  var words = JSON.parse(document.getElementById("page-words").textContent);
  var svg = stage.querySelector("svg"), said = document.querySelector("[data-marked]");
  var form = document.querySelector("main form"), box = form.elements.box, quote = form.elements.quote, kind = form.elements.kind;
  var view = svg.viewBox.baseVal, rect = null, from = -1, to = -1, start = null;

  function show(x0, top, x1, bottom) {
    if (!rect) {
      rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      rect.setAttribute("class", "hit hit-current");
      rect.setAttribute("vector-effect", "non-scaling-stroke");
      svg.appendChild(rect);
    }
    rect.setAttribute("x", x0 * view.width); rect.setAttribute("y", top * view.height);
    rect.setAttribute("width", Math.max(1, (x1 - x0) * view.width)); rect.setAttribute("height", Math.max(1, (bottom - top) * view.height));
  }
  function keep(x0, top, x1, bottom) {
    function part(n) { return Math.min(1, Math.max(0, n)).toFixed(4); }
    var marked = words.filter(function (one) {
      var x = (one[1] + one[3]) / 2, y = (one[2] + one[4]) / 2;
      return x >= x0 && x <= x1 && y >= top && y <= bottom;
    });
    var text = marked.map(function (one) { return one[0]; }).join(" ");
    box.value = marked.length ? [part(x0), part(top), part(x1), part(bottom)].join(",") : "";
    quote.value = text.slice(0, 500);
    said.textContent = text ? "“" + text.slice(0, 200) + "”" : "–";
  }
  // Typing means other words than those in the box.
  quote.addEventListener("input", function () { box.value = ""; if (rect) { rect.remove(); rect = null; } });

  function place(event) {
    var area = svg.getBoundingClientRect();
    return [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height];
  }
  stage.addEventListener("pointerdown", function (event) {
    if (event.button !== 0) return;
    start = place(event);
    stage.setPointerCapture(event.pointerId);
    event.preventDefault();
    stage.focus({ preventScroll: true });
  });
  function corners(event) {
    var end = place(event);
    return [Math.min(start[0], end[0]), Math.min(start[1], end[1]), Math.max(start[0], end[0]), Math.max(start[1], end[1])];
  }
  stage.addEventListener("pointermove", function (event) { if (start) show.apply(null, corners(event)); });
  stage.addEventListener("pointerup", function (event) {
    if (!start) return;
    var drawn = corners(event);
    start = null;
    show.apply(null, drawn); keep.apply(null, drawn);
  });
  stage.addEventListener("pointercancel", function () { start = null; });

  // The word nearest in the line above or below; the line is told by the middle of the word.
  function beside(n, way) {
    var here = words[n], y = (here[2] + here[4]) / 2, x = (here[1] + here[3]) / 2, tall = here[4] - here[2], best = n, least = Infinity;
    words.forEach(function (one, m) {
      var down = ((one[2] + one[4]) / 2 - y) * way;
      if (down < tall * 0.6) return;
      var far = down * 3 + Math.abs((one[1] + one[3]) / 2 - x);
      if (far < least) { least = far; best = m; }
    });
    return best;
  }
  function around() {
    var marked = words.slice(Math.min(from, to), Math.max(from, to) + 1);
    return marked.reduce(function (a, b) {
      return [Math.min(a[0], b[1]), Math.min(a[1], b[2]), Math.max(a[2], b[3]), Math.max(a[3], b[4])];
    }, [1, 1, 0, 0]);
  }
  var ways = {
    ArrowRight: function (n) { return Math.min(n + 1, words.length - 1); }, ArrowLeft: function (n) { return Math.max(n - 1, 0); },
    ArrowDown: function (n) { return beside(n, 1); }, ArrowUp: function (n) { return beside(n, -1); }
  };
  stage.addEventListener("keydown", function (event) {
    if (event.key === "Enter") { event.preventDefault(); kind.focus(); return; }
    if (!ways[event.key] || !words.length || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    to = to < 0 ? 0 : ways[event.key](to);
    if (!event.shiftKey || from < 0) from = to;
    var drawn = around();
    show.apply(null, drawn); keep.apply(null, drawn);
    rect.scrollIntoView({ block: "nearest" });
  });
})();
