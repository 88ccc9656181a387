// The numbers of an answer.

import { element } from "./dom.js";
import { digits, grouped } from "./quantity.js";

const heads = ["Quantity", "Mean", "SD", "68 % interval", "90 % interval"];

// tables returns a table of each group of quantities.
export function tables(summary, quantities) {
  return grouped(quantities).map(group => {
    const caption = element("caption", {}, group.title);
    const head = element("thead", {}, element("tr", {}, ...heads.map(text => element("th", { scope: "col" }, text))));
    const body = element("tbody", {}, ...group.quantities.map(q => row(q, summary[q.name])));
    return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": group.title }, element("table", {}, caption, head, body));
  });
}

function row(q, s) {
  const write = digits(q.factor * s.sd, q.factor * Math.abs(s.mean));
  const one = statistic => number(s[statistic], q.factor, write, statistic);
  const interval = (low, high) => element("td", {}, one(low), " … ", one(high));
  const unit = q.unit ? [" ", element("span", { class: "unit" }, q.unit)] : [];
  return element("tr", { "data-column": q.name }, element("th", { scope: "row" }, q.name, ...unit),
    element("td", {}, one("mean")), element("td", {}, one("sd")), interval("q16", "q84"), interval("q05", "q95"));
}

// number shows few digits and carries all of the service's.
function number(value, factor, write, statistic) {
  if (value === null) return element("span", { "data-statistic": statistic }, "–");
  return element("data", { value: String(value), "data-statistic": statistic }, write(factor * value));
}
