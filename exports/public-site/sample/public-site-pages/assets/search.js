// The search of the site. No module, no fetch, no worker: it works from file:// too.
"use strict";
(function () {
  var form = document.getElementById("search");
  var box = document.getElementById("words");
  var found = document.getElementById("found");
  var results = document.getElementById("results");
  var latest = document.getElementById("latest");
  var selects = Array.prototype.slice.call(form.querySelectorAll("select"));
  var base = document.currentScript.src.replace(/assets\/search\.js.*$/, "search/");
  var MOST = 100;
  var AT_ONCE = 3;
  var asked = {}, parts = {}, queue = [], waiting = 0, loading = 0, timer = 0;
  // Places of a claim in a part, as search.py writes it.
  var ID = 0, WORDS = 1, LANG = 2, WHO = 3, OUTLETS = 4, KEY = 5, RATING = 6, DAY = 7, TOPIC = 8;
  var RIGHT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)(-|$)/i;

  window.factcheckShard = function (name, claims, index) {
    var search = window.MiniSearch.loadJS(index, {
      fields: ["words", "names"],
      tokenize: function (text) { return text.split(" "); },
      processTerm: function (term) { return term; }
    });
    // A space, a joiner or nothing between the parts of a word: without spaces all three are the same.
    var tight = claims.map(function (one) {
      return factcheckFold(one[WORDS] + " " + one[WHO] + " " + one[OUTLETS].join(" ")).replace(/ /g, "");
    });
    parts[name] = { claims: claims, search: search, tight: tight };
  };

  function value(field) {
    for (var i = 0; i < selects.length; i++) {
      if (selects[i].dataset.field === field) { return selects[i].value; }
    }
    return "";
  }

  function wanted() {
    var lang = value("lang"), year = value("year");
    return factcheckShards.filter(function (one) {
      return (!lang || one.lang === lang) && (!year || one.year === year);
    });
  }

  function load(shards) {
    shards.forEach(function (one) {
      if (asked[one.name]) { return; }
      asked[one.name] = true;
      waiting += 1;
      queue.push(one.name);
    });
    while (loading < AT_ONCE && queue.length) { next(); }
  }

  // The newest parts first and few at once: the first result does not wait for the oldest part.
  function next() {
    var script = document.createElement("script");
    loading += 1;
    script.src = base + queue.shift() + ".js";
    // What the newest part has is shown while the others come.
    script.onload = script.onerror = function () {
      waiting -= 1;
      loading -= 1;
      show();
      if (queue.length) { next(); }
    };
    document.head.appendChild(script);
  }

  function matches(part, terms, verdict, outlet, topic) {
    var hits = [], scores = {}, whole = terms.join("");
    if (terms.length) {
      part.search.search(terms.join(" "), { prefix: true, combineWith: "OR" }).forEach(function (one) {
        scores[one.id] = one.score;
      });
    }
    part.claims.forEach(function (claim, at) {
      if ((verdict && claim[KEY] !== verdict) || (outlet && claim[OUTLETS].indexOf(outlet) < 0)) { return; }
      if (topic && claim[TOPIC] !== topic) { return; }
      for (var i = 0; i < terms.length; i++) {
        if (part.tight[at].indexOf(terms[i]) < 0) { return; }
      }
      // Who typed the very words of a claim means that one.
      var same = terms.length > 1 && part.tight[at].indexOf(whole) >= 0;
      hits.push({ claim: claim, score: (scores[at] || 0) + (same ? 1e6 : 0) });
    });
    return hits;
  }

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) { made.className = className; }
    if (text) { made.textContent = text; }
    return made;
  }

  function item(claim) {
    var line = element("li"), said = element("p", "said"), link = element("a", "", claim[WORDS]);
    said.lang = claim[LANG];
    said.dir = RIGHT.test(claim[LANG]) ? "rtl" : "ltr";
    link.href = "claims/" + claim[ID] + ".html";
    said.appendChild(link);
    var about = element("p", "about");
    about.appendChild(element("span", "rating " + claim[KEY], claim[RATING]));
    [claim[WHO], claim[DAY]].forEach(function (text) {
      if (text) { about.appendChild(document.createTextNode(" ")); about.appendChild(element("bdi", "", text)); }
    });
    line.appendChild(said);
    line.appendChild(about);
    return line;
  }

  function show() {
    var typed = factcheckFold(box.value);
    var terms = typed ? typed.split(" ") : [];
    var verdict = value("verdict"), outlet = value("outlet"), topic = value("topic");
    var idle = !terms.length && selects.every(function (one) { return !one.value; });
    latest.hidden = !idle;
    results.textContent = "";
    if (idle) { found.textContent = ""; return; }
    var shards = wanted();
    load(shards);
    var hits = [];
    shards.forEach(function (one) {
      if (parts[one.name]) { hits = hits.concat(matches(parts[one.name], terms, verdict, outlet, topic)); }
    });
    hits.sort(function (a, b) { return b.score - a.score; });
    var lines = document.createDocumentFragment();
    hits.slice(0, MOST).forEach(function (hit) { lines.appendChild(item(hit.claim)); });
    results.appendChild(lines);
    found.textContent = waiting
      ? form.dataset.loading
      : form.dataset.found.replace("{}", hits.length.toLocaleString(form.dataset.lang));
  }

  function soon() { clearTimeout(timer); timer = setTimeout(show, 60); }

  form.hidden = false;
  box.addEventListener("focus", function () { load(wanted()); });
  box.addEventListener("input", soon);
  // Not of the whole form: the box "changes" too when it is left, and would take the results from under the keyboard.
  selects.forEach(function (one) { one.addEventListener("change", soon); });
  form.addEventListener("submit", function (event) { event.preventDefault(); show(); });
  form.addEventListener("reset", function () { setTimeout(show, 0); });
})();
