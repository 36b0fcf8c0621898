// New orders appear while the list is open: a notice, and the client's figures in its row.
// The socket says where it continues (?after=the newest order seen), so nothing is missed after a lost connection;
// every order is told about once, however often it arrives.
const place = document.getElementById("live-orders");
const notices = document.getElementById("notices");

const FIRST_DELAY = 1000;
const LONGEST_DELAY = 60_000;
const STEADY_AFTER = 5000; // a connection that lasts this long starts the delays again
const GATHER = 200; // events that come together are told together
const AT_ONCE = 3;
const SHOWN = 3; // notices side by side; further orders are counted in one more

const renderedWith = Number(place.dataset.liveAfter);
const seen = new Set();
const newestOfClient = new Map();
let newest = renderedWith;
let failures = 0;
let socket = null;
let retry = null;
let steady = null;
let gathering = null;
let told = [];
let uncounted = 0;
let more = null;

function address() {
  const url = new URL(place.dataset.liveUrl, window.location.href);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("after", String(newest));
  return url;
}

function connect() {
  clearTimeout(retry);
  retry = null;
  if (socket) return;
  socket = new WebSocket(address());
  socket.addEventListener("open", opened);
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", closed);
}

function opened() {
  place.dataset.liveState = "open";
  steady = setTimeout(() => {
    failures = 0;
  }, STEADY_AFTER);
}

// Twice as long each time, and never all pages at the same moment.
function delay() {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** failures) * (0.5 + Math.random() / 2);
}

function closed() {
  clearTimeout(steady);
  socket = null;
  place.dataset.liveState = "closed";
  if (retry === null) retry = setTimeout(connect, delay());
  failures = Math.min(failures + 1, 10);
}

function leave() {
  if (!socket) return;
  socket.removeEventListener("close", closed);
  socket.close();
  socket = null;
}

function comeBack() {
  failures = 0;
  connect();
}

function receive(event) {
  if (event.type === "order.created") oneOrder(event);
  else if (event.type === "orders.created") manyOrders(event);
  else if (event.type === "orders.missed") tell({ missed: true });
  newest = Math.max(newest, event.id);
}

function oneOrder(event) {
  if (seen.has(event.id)) return;
  seen.add(event.id);
  const changed = showTotals(event.client, event.id);
  if (changed) showLatest(event);
  // An order from before this page was made is news only where the page does not show it yet.
  if (event.id > renderedWith || changed) tell(event);
}

function manyOrders(event) {
  if (event.ids.every((id) => seen.has(id))) return;
  for (const id of event.ids) seen.add(id);
  for (const client of event.clients) showTotals(client, event.id);
  tell({ count: event.count });
}

// Whether the row of this client showed something else before. An older event's figures do not undo a newer one's.
function showTotals(client, id) {
  const row = document.querySelector(`#client-list tr[data-client-id="${Number(client.id)}"]`);
  const count = row?.querySelector("[data-orders-count]");
  const total = row?.querySelector("[data-orders-total]");
  if (!count || !total) return false;
  const older = id < (newestOfClient.get(client.id) ?? 0);
  if (older && client.orders_count < Number(count.textContent)) return false;
  newestOfClient.set(client.id, Math.max(id, newestOfClient.get(client.id) ?? 0));
  const before = count.textContent + total.textContent;
  count.textContent = String(client.orders_count);
  total.textContent = client.orders_total;
  return before !== count.textContent + total.textContent;
}

// Only where the row names an order already: a new line would move everything below it.
function showLatest({ order, client }) {
  const latest = document.querySelector(`#client-list tr[data-client-id="${Number(client.id)}"] .latest-order bdi`);
  if (latest && order.id >= newestOfClient.get(client.id)) latest.textContent = shortened(order.title);
}

function shortened(text) {
  const letters = [...text];
  return letters.length > 60 ? `${letters.slice(0, 59).join("")}…` : text;
}

function tell(event) {
  told.push(event);
  gathering ??= setTimeout(showNotices, GATHER);
}

function showNotices() {
  const events = told;
  told = [];
  gathering = null;
  const singles = events.filter((event) => event.order);
  const count = events.reduce((sum, event) => sum + (event.order ? 1 : (event.count ?? 0)), 0);
  if (events.some((event) => event.missed)) show(count, "Many orders arrived in the meantime. ", reloadLink());
  else if (singles.length === events.length && count <= AT_ONCE)
    for (const event of singles) show(1, ...sentence(event));
  else show(count, `${count} new orders came in. `, reloadLink());
}

function show(count, text, target) {
  if (more?.isConnected) {
    uncounted += count;
    more.firstChild.replaceChildren(`And ${uncounted} more new orders. `, reloadLink());
  } else if (notices.querySelectorAll(".live-notice").length < SHOWN) {
    addNotice(text, target);
  } else {
    uncounted = count;
    more = addNotice(`And ${count} more new order${count === 1 ? "" : "s"}. `, reloadLink());
  }
}

function sentence({ order, client }) {
  return [`New order: ${order.title} (${order.amount}) for `, link(`/clients/${Number(client.id)}/`, client.name)];
}

function reloadLink() {
  return link(window.location.href, "Reload the list");
}

function link(href, text) {
  const element = document.createElement("a");
  const words = document.createElement("bdi");
  element.href = href;
  words.textContent = text;
  element.append(words);
  return element;
}

// The area grows upwards from the bottom of the window. A new notice goes on top of it, so that none of the others moves.
function addNotice(text, target) {
  const notice = document.createElement("p");
  const words = document.createElement("span");
  const dismiss = document.createElement("button");
  notice.className = "live-notice";
  words.append(text, target);
  dismiss.type = "button";
  dismiss.className = "link-button";
  dismiss.textContent = "Dismiss";
  dismiss.addEventListener("click", () => notice.remove());
  notice.append(words, dismiss);
  notices.prepend(notice);
  return notice;
}

window.addEventListener("online", comeBack);
// A page that rests in the browser's back-forward cache keeps no socket.
window.addEventListener("pagehide", leave);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) comeBack();
});
connect();
