// The reviewers' keys, and filters that send themselves. Everything here can be done without it.
(() => {
  const off = "console:keys-off";
  const areOn = () => localStorage.getItem(off) === null;
  const isShown = (element) => element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
  const isTyping = ({ target }) =>
    target.isContentEditable || target.matches?.("textarea, select, input:not([type=checkbox], [type=radio])");

  // A verb that is chosen shows its form; a text is typed at once, reasons are chosen by number
  const choose = (radio) => {
    radio.click();
    radio.focus();
    const text = document.querySelector(`#verb-${radio.value}:not(:has(.reasons)) textarea`);
    text?.focus();
  };
  const press = (element) => {
    if (element.matches("input[type=radio]")) choose(element);
    else if (element.matches("input[type=checkbox]")) element.click();
    else if (element.matches("input")) element.select();
    else element.click();
    if (element.matches("summary") && element.parentElement.open) {
      element.parentElement.querySelector("textarea")?.focus();
    }
  };

  const rows = () => [...document.querySelectorAll("[data-row-link]")];
  const step = (by) => {
    const links = rows();
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  const send = (event) => {
    const form = event.target.closest?.("form[method=post]:not(.masthead form)")
      ?? [...document.querySelectorAll("form.verdict")].find(isShown);
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      send(event);
      return;
    }
    if (event.key === "Escape" && isTyping(event)) {
      event.target.blur();
      return;
    }
    if (!areOn() || isTyping(event) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
      return;
    }
    const found = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find(isShown);
    if (!found) return;
    event.preventDefault();
    press(found);
  });

  // Filters send themselves; the button is for when this script does not run
  document.addEventListener("change", ({ target }) => {
    target.closest("[data-sends-itself]")?.requestSubmit();
  });

  // What is mended is not called wrong any more
  document.addEventListener("input", ({ target }) => {
    const wrong = target.closest(".verdict .has-error");
    if (!wrong) return;
    wrong.classList.remove("has-error");
    wrong.removeAttribute("aria-describedby");
    wrong.querySelector(".error")?.remove();
    target.removeAttribute("aria-invalid");
    if (!document.querySelector(".has-error")) document.querySelector(".errors:not(.conflict)")?.remove();
  });

  // Keys can be turned off, and stay so in this browser
  const toggle = document.querySelector("[data-keys-switch]");
  const say = () => {
    toggle.setAttribute("aria-pressed", String(areOn()));
    toggle.textContent = areOn() ? "Single keys are on" : "Single keys are off";
    document.documentElement.classList.toggle("keys-off", !areOn());
  };
  toggle?.addEventListener("click", () => {
    if (areOn()) localStorage.setItem(off, "1");
    else localStorage.removeItem(off);
    say();
  });
  if (toggle) say();
})();
