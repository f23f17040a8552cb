"use strict";
// Draws the charts of the page from the JSON beside each canvas, in the colours of page.css. Without it the tables say the same.
(() => {
  const root = document.documentElement;
  const roomy = 560; // from this width on, the series are named beside their ends instead of in a legend
  const marks = ["circle", "rect", "triangle", "rectRot", "star", "crossRot"]; // colour is never all that tells lines apart
  const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

  const color = name => getComputedStyle(root).getPropertyValue("--" + name).trim();

  // short is a number for an axis: 1.2K.
  const short = (n, data) => {
    const [size, unit] = [[1e9, "B"], [1e6, "M"], [1e3, "K"]].find(([size]) => Math.abs(n) >= size) || [1, ""];
    return String(Number((n / size).toPrecision(3))).replace(".", data.decimal) + unit + (data.percent ? "%" : "");
  };

  const cut = (text, most) => { const letters = [...text]; return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : text; };

  // spread moves labels apart that would overlap, without changing their order.
  const spread = (labels, gap, top, bottom) => {
    labels.sort((a, b) => a.y - b.y || b.index - a.index);
    labels.forEach((label, i) => { label.at = Math.max(label.y, i ? labels[i - 1].at + gap : top); });
    for (let i = labels.length - 1, most = bottom; i >= 0; i--, most = labels[i + 1].at - gap) {
      labels[i].at = Math.min(labels[i].at, most);
    }
  };

  // ends is where each series ends: at its last value, or in the last column.
  const ends = (chart, data) => data.series.map((one, index) => {
    const known = one.values.findLastIndex(value => value !== null);
    const mark = chart.getDatasetMeta(index).data[data.kind === "columns" ? one.values.length - 1 : known];
    if (!mark || known < 0) return null;
    const column = data.kind === "columns";
    return { index, name: cut(one.name, 26), color: color(one.color), x: mark.x + (column ? mark.width / 2 : 5), y: column ? (mark.y + mark.base) / 2 : mark.y };
  }).filter(label => label && Number.isFinite(label.y));

  // named writes the name of each series beside its end, or above its part of a bar where that is wide enough.
  const named = data => ({
    id: "named",
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area } = chart;
      ctx.save();
      ctx.font = Chart.helpers.toFont(Chart.defaults.font).string;
      ctx.fillStyle = color("ink");
      ctx.textBaseline = "middle";
      if (data.kind === "bar") {
        data.series.forEach((one, index) => {
          const part = chart.getDatasetMeta(index).data[0];
          const [from, to] = [Math.min(part.base, part.x), Math.max(part.base, part.x)];
          if (ctx.measureText(one.name).width < to - from - 4) ctx.fillText(one.name, from + 1, area.top - 9);
        });
      } else {
        const labels = ends(chart, data);
        const all = chart.width >= roomy && labels.length === data.series.length && data.series.length > 1;
        chart.canvas.closest("figure").classList.toggle("labelled", all);
        if (all) {
          spread(labels, 15, area.top + 4, area.bottom - 4);
          for (const label of labels) {
            ctx.strokeStyle = label.color;
            ctx.beginPath();
            ctx.moveTo(label.x + 2, label.y);
            ctx.lineTo(area.right + 14, label.at);
            ctx.stroke();
            ctx.fillText(label.name, area.right + 18, label.at);
          }
        }
      }
      ctx.restore();
    },
  });

  const datasets = data => data.series.map((one, i) => {
    const set = { label: one.name, data: one.values, backgroundColor: color(one.color) };
    return Object.assign(set, data.kind === "lines"
      ? { borderColor: color(one.color), borderWidth: 2, borderDash: dashes[i % dashes.length], pointStyle: marks[i % marks.length], pointRadius: 3, pointHoverRadius: 5, tension: 0, clip: false }
      : { borderColor: color("paper"), borderWidth: 1, borderSkipped: false, maxBarThickness: data.kind === "bar" ? 32 : 56, categoryPercentage: 0.8, barPercentage: 0.9 });
  });

  const room = (data, ctx) => {
    if (data.kind === "bar") return { top: 18 };
    const wide = ctx.chart.width >= roomy && data.series.length > 1;
    if (!wide) return { top: 6, right: 6 };
    ctx.chart.ctx.font = Chart.helpers.toFont(Chart.defaults.font).string;
    return { top: 6, right: 24 + Math.max(...data.series.map(one => ctx.chart.ctx.measureText(cut(one.name, 26)).width)) };
  };

  // whole is the ends of the axis of a bar that lies: it fills its line.
  const whole = data => {
    const values = data.series.map(one => one.values[0]);
    return { min: values.reduce((sum, n) => sum + Math.min(n, 0), 0), max: values.reduce((sum, n) => sum + Math.max(n, 0), 0) };
  };

  const options = data => {
    const lying = data.kind === "bar";
    const stacked = data.kind !== "lines";
    const names = { stacked, display: !lying, grid: { display: false }, border: { color: color("rule") }, ticks: { color: color("soft"), maxRotation: 0, autoSkipPadding: 10 } };
    const values = { stacked, display: !lying, beginAtZero: true, grid: { color: color("rule") }, border: { display: false }, ticks: { color: color("soft"), maxTicksLimit: 6, callback: n => short(n, data) }, ...(lying && whole(data)) };
    return {
      animation: false, responsive: true, maintainAspectRatio: false, normalized: true,
      indexAxis: lying ? "y" : "x",
      layout: { padding: ctx => room(data, ctx) },
      interaction: { mode: "index", intersect: false, axis: lying ? "y" : "x" },
      scales: lying ? { x: values, y: names } : { x: names, y: values },
      plugins: {
        legend: { display: false },
        tooltip: {
          backgroundColor: color("ink"), titleColor: color("paper"), bodyColor: color("paper"), footerColor: color("paper"), multiKeyBackground: color("paper"), boxPadding: 4,
          reverse: data.kind === "columns",
          itemSort: data.kind === "columns" ? (a, b) => b.datasetIndex - a.datasetIndex : undefined,
          callbacks: {
            label: item => data.series[item.datasetIndex].name + "  " + data.series[item.datasetIndex].texts[item.dataIndex],
            footer: items => data.totals && items.length ? "Total  " + data.totals[items[0].dataIndex] : "",
          },
        },
      },
    };
  };

  const draw = canvas => {
    const data = JSON.parse(canvas.closest(".panel").querySelector("script").textContent);
    Chart.getChart(canvas)?.destroy();
    new Chart(canvas, { type: data.kind === "lines" ? "line" : "bar", data: { labels: data.points, datasets: datasets(data) }, options: options(data), plugins: [named(data)] });
  };

  const drawAll = () => {
    if (!globalThis.Chart) return; // nothing to draw on this page
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    document.querySelectorAll("canvas").forEach(draw);
  };

  root.classList.add("js");
  document.querySelectorAll("details").forEach(details => { details.open = false; }); // who cannot unfold sees all
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);

  // Paper is light, and nothing is folded on it.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach(details => { details.open = true; });
    root.classList.add("printing");
    drawAll();
  });
  addEventListener("afterprint", () => {
    folded.forEach(details => { details.open = false; });
    root.classList.remove("printing");
    drawAll();
  });
})();
