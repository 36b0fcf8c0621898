// The dashboard's chart, drawn from the table that stands below it; and the figures that are still being counted.
const LOOK_AGAIN = 3000;
const LOOKS = 40; // two minutes, then the page is left as it is
const months = new Intl.DateTimeFormat("en", { month: "short", year: "2-digit", timeZone: "UTC" });
const longMonths = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function rowsOf(table) {
  return [...table.tBodies[0].rows].map((row) => ({
    month: new Date(`${row.querySelector("time").dateTime}-01T00:00:00Z`),
    orders: Number(row.querySelector("[data-orders]").dataset.orders),
    revenue: Number(row.querySelector("[data-revenue]").dataset.revenue),
  }));
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// As many month names as fit: all of them, or every second, third, sixth …
function monthSplits(count) {
  return (plot) => {
    const step = [1, 2, 3, 4, 6, 12].find((every) => (count / every) * 58 <= plot.bbox.width / devicePixelRatio) ?? 12;
    return Array.from({ length: count }, (_, index) => index).filter((index) => (count - 1 - index) % step === 0);
  };
}

function axisLook() {
  const font = "12px system-ui, sans-serif";
  return { font, stroke: colour("--muted"), ticks: { show: false }, gap: 6 };
}

function optionsFor(place, rows, read) {
  const grid = { stroke: colour("--line"), width: 1 };
  return {
    width: place.clientWidth,
    height: place.clientHeight,
    padding: [8, 22, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: [-0.5, rows.length - 0.5] },
      y: { range: (_, low, high) => [0, Math.max(high, 1) * 1.05] },
    },
    axes: [
      {
        ...axisLook(),
        grid: { show: false },
        size: 28,
        splits: monthSplits(rows.length),
        values: (_, at) => at.map((index) => months.format(rows[index].month)),
      },
      { ...axisLook(), grid, size: 52, space: 44, values: (_, values) => values.map((value) => short.format(value)) },
    ],
    series: [
      {},
      {
        fill: colour("--accent"),
        stroke: colour("--accent"),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars({ size: [0.7, 48], radius: 0.15 }),
      },
    ],
    hooks: { setCursor: [(plot) => read(plot.cursor.idx ?? rows.length - 1)] },
  };
}

class MonthChart {
  constructor(place) {
    this.place = place;
    this.card = place.closest(".chart");
    this.rows = rowsOf(document.getElementById(place.dataset.chart));
    this.shown = "revenue";
    this.choice = this.card.querySelector(".chart-choice");
    this.choice.hidden = false;
    this.choice.addEventListener("click", (event) => this.choose(event.target.closest("button")));
    this.draw();
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(place);
  }

  choose(button) {
    if (!button) return;
    this.shown = button.dataset.shows;
    this.card.querySelector("h2").textContent = this.shown === "orders" ? "Orders by month" : "Revenue by month";
    for (const each of this.choice.querySelectorAll("button"))
      each.setAttribute("aria-pressed", String(each === button));
    this.draw();
  }

  draw() {
    this.plot?.destroy();
    const data = [this.rows.map((_, index) => index), this.rows.map((row) => row[this.shown])];
    this.plot = new uPlot(
      optionsFor(this.place, this.rows, (index) => this.read(index)),
      data,
      this.place,
    );
    this.read(this.rows.length - 1);
  }

  fit() {
    const size = { width: this.place.clientWidth, height: this.place.clientHeight };
    if (size.width && size.width !== this.plot.width) this.plot.setSize(size);
  }

  read(index) {
    const row = this.rows[index];
    const value = document.createElement("strong");
    const what = this.shown === "orders" ? " orders" : "";
    const soFar = index === this.rows.length - 1 ? " so far" : "";
    value.textContent = whole.format(row[this.shown]) + what;
    this.card.querySelector(".chart-reading").replaceChildren(`${longMonths.format(row.month)}${soFar}: `, value);
  }
}

function start() {
  const place = document.querySelector("[data-chart]");
  if (!place || !window.uPlot) return;
  const chart = new MonthChart(place);
  dark.addEventListener("change", () => chart.draw());
}

// Newer figures are being counted: the page is looked at again quietly, and shown again once they are there.
async function lookAgain(left) {
  const answer = await fetch(window.location.href, { redirect: "error" }).catch(() => null);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-counting]")) {
      window.location.reload();
      return;
    }
  }
  if (left > 0) setTimeout(lookAgain, LOOK_AGAIN, left - 1);
}

start();
if (document.querySelector("[data-counting]")) setTimeout(lookAgain, LOOK_AGAIN, LOOKS);
