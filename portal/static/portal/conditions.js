// The rows of a condition: only the operators that go with the chosen fact. Without this, all are there and the page says which do not fit.
(function () {
  "use strict";
  function fit(row) {
    var fact = row.querySelector("[data-fact]").value;
    row.querySelectorAll("[data-operator] option[data-facts]").forEach(function (one) {
      var fits = (" " + one.dataset.facts + " ").indexOf(" " + fact + " ") >= 0;
      one.hidden = one.disabled = !fits;
      if (!fits) one.selected = false;
    });
  }
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-fact]")) fit(event.target.closest(".condition-row"));
  });
  document.querySelectorAll(".condition-row").forEach(function (row) { if (row.querySelector("[data-fact]").value) fit(row); });
})();
