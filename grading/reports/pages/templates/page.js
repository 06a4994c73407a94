
"use strict";
(() => {
  // On paper there is nothing to open, and a link may lead into what is folded.
  const folded = () => document.querySelectorAll("details:not([open])");
  let opened = [];
  addEventListener("beforeprint", () => { opened = [...folded()]; opened.forEach((each) => { each.open = true; }); });
  addEventListener("afterprint", () => { opened.forEach((each) => { each.open = false; }); opened = []; });
  const unfold = () => {
    const target = document.getElementById(location.hash.slice(1));
    let around = target && target.parentElement.closest("details");
    const found = Boolean(around && !around.open);
    for (; around; around = around.parentElement.closest("details")) { around.open = true; }
    if (found) { target.scrollIntoView(); }
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
