// Looks for new mail every few seconds while the page is in view, and leaves the page alone when nothing came.

const inbox = document.getElementById("inbox");
const news = document.getElementById("inbox-news");

function newest(root) {
  return root.querySelector("[data-mail]")?.dataset.mail ?? "";
}

async function look() {
  if (document.hidden) return;
  const response = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("inbox");
  if (!fresh || newest(fresh) === newest(inbox)) return;
  inbox.replaceChildren(...fresh.children);
  inbox.dispatchEvent(new CustomEvent("coffer:content", { bubbles: true }));
  news.textContent = news.dataset.news;
}

setInterval(() => look().catch(() => {}), 3000);
document.addEventListener("visibilitychange", () => look().catch(() => {}));
