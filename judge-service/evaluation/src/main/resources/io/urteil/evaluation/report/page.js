"use strict";
(function () {
  function compare(one, other, sign) {
    if (one === other) { return 0; }
    if (one === "") { return 1; }
    if (other === "") { return -1; }
    var difference = Number(one) - Number(other);
    return sign * (Number.isNaN(difference) ? one.localeCompare(other) : difference);
  }

  document.querySelectorAll("table").forEach(function (table) {
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      head.querySelector("button").addEventListener("click", function () {
        var next = head.getAttribute("aria-sort") === "descending" ? "ascending" : "descending";
        heads.forEach(function (each) { each.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", next);
        var body = table.tBodies[0];
        Array.from(body.rows).sort(function (one, other) {
          return compare(
            one.cells[column].dataset.v, other.cells[column].dataset.v, next === "ascending" ? 1 : -1);
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
  });

  var judge = document.getElementById("judge");
  var kind = document.getElementById("kind");
  var words = document.getElementById("words");
  var shown = document.getElementById("shown");
  var cases = Array.from(document.querySelectorAll("article"));

  function isOf(article, wanted) {
    return judge.value === "" ? article.dataset.all.split(" ").includes(wanted)
      : article.dataset["judge" + judge.value].split(" ").includes(wanted);
  }

  function filter() {
    var text = words.value.toLowerCase();
    var count = 0;
    cases.forEach(function (article) {
      var fits = kind.value === "" ? true : isOf(article, kind.value);
      if (fits) { fits = text === "" ? true : article.textContent.toLowerCase().includes(text); }
      article.hidden = !fits;
      count += fits ? 1 : 0;
    });
    shown.textContent = count + " of " + cases.length + " shown";
  }

  [judge, kind, words].forEach(function (input) { input.addEventListener("input", filter); });
  filter();
})();
