// Small helps that pages do without: copying, times in the reader's zone, drafts, the theme.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const year = 365 * 24 * 3600;
  const keep = (name, value) => {
    document.cookie = `${name}=${encodeURIComponent(value)};path=/;max-age=${year};samesite=lax`;
  };

  // Copying
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = button.dataset.copy || button.closest(".code").querySelector("code").textContent;
    try {
      await navigator.clipboard.writeText(source);
    } catch {
      return;
    }
    const said = button.querySelector(".said-copy");
    button.classList.add("is-done");
    const before = said.textContent;
    said.textContent = "Copied";
    setTimeout(() => {
      button.classList.remove("is-done");
      said.textContent = before;
    }, 1600);
  });

  // Times: tell the desk the reader's zone, and mend this first page, which did not know it
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && zone !== root.dataset.zone) {
    keep("tz", zone);
    const form = new Intl.DateTimeFormat("en-GB", {
      weekday: "short", day: "numeric", month: "short", year: "numeric",
      hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
    });
    const written = (moment) => {
      const part = Object.fromEntries(form.formatToParts(moment).map(({ type, value }) => [type, value]));
      const date = `${part.weekday} ${part.day} ${part.month} ${part.year}`;
      return `${date}, ${part.hour}:${part.minute} ${part.timeZoneName}`;
    };
    for (const time of document.querySelectorAll("time[datetime*='T']")) {
      const text = written(new Date(time.dateTime));
      const at = time.querySelector(".at");
      if (at) at.textContent = text;
      else if (time.title) time.title = text;
    }
    for (const name of document.querySelectorAll("[data-zone-name]")) name.textContent = zone;
  }

  // A link to a fold opens it
  const unfold = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) target.open = true;
  };
  addEventListener("hashchange", unfold);
  unfold();

  // Drafts: every keystroke and tick is kept until the form has been sent
  const drafts = "draft:";
  const fields = () => document.querySelectorAll("[data-draft]");
  const isTicked = ({ type }) => type === "checkbox" || type === "radio";
  const ticks = (name) => [...document.querySelectorAll(`[data-draft="${CSS.escape(name)}"]:checked`)];
  const typed = (field) => (
    isTicked(field) ? JSON.stringify(ticks(field.dataset.draft).map(({ value }) => value)) : field.value
  );
  const restore = () => {
    for (const field of fields()) {
      const kept = localStorage.getItem(drafts + field.dataset.draft);
      if (kept === null) continue;
      if (isTicked(field)) field.checked = JSON.parse(kept).includes(field.value);
      else if (!field.value) field.value = kept;
    }
  };
  document.addEventListener("input", ({ target }) => {
    const name = target.dataset.draft;
    if (!name) return;
    const text = typed(target);
    if (text) localStorage.setItem(drafts + name, text);
    else localStorage.removeItem(drafts + name);
  });
  // A page says which drafts it has taken in, one or a form's together: only then are they forgotten
  const forget = () => {
    for (const { dataset } of document.querySelectorAll("[data-draft-sent]")) {
      const sent = drafts + dataset.draftSent;
      for (const key of Object.keys(localStorage)) {
        if (key === sent || key.startsWith(`${sent}/`)) localStorage.removeItem(key);
      }
    }
  };
  forget();
  restore();
  document.addEventListener("htmx:afterSwap", () => { forget(); restore(); });

  // Theme
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".themes")) return;
    event.preventDefault();
    const theme = event.submitter.value;
    keep("theme", theme);
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const button of event.target.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
  });
})();
