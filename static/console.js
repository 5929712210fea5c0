// The console's menu closes as menus do, and `/` or Ctrl+K opens its search on every page. Without this the menu still opens and closes by itself, and the
// search is a page.
(() => {
  const box = document.getElementById('jump');
  const field = box?.querySelector('input');

  // ---- Menu: one group is open at a time by itself (details[name]) ----------------------------------------------------------------------
  function openGroups() {
    return document.querySelectorAll('.groups details[open]');
  }

  document.addEventListener('click', (event) => {
    for (const group of openGroups()) if (!group.contains(event.target)) group.open = false;
  });
  document.addEventListener('focusin', (event) => {
    for (const group of openGroups()) if (!group.contains(event.target)) group.open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const group of openGroups()) {
      group.open = false;
      group.querySelector('summary').focus();
    }
  });

  // ---- Search ---------------------------------------------------------------------------------------------------------------------------
  function isTyping(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  function open() {
    if (box.open) return;
    box.showModal();
    field.select();
  }

  if (!box) return;
  document.addEventListener('keydown', (event) => {
    const slash = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
    const ctrlK = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey;
    if (!slash && !ctrlK) return;
    event.preventDefault();
    open();
  });
  document.addEventListener('click', (event) => {
    if (event.target.closest?.('[data-jump]') && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open();
    } else if (event.target === box || event.target.closest?.('[data-jump-close]')) box.close();
  });
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      // In a search field with text it would only empty that.
      event.preventDefault();
      return box.close();
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const stops = [field, ...box.querySelectorAll('.found a')];
    const at = stops.indexOf(document.activeElement);
    event.preventDefault();
    stops[(at + (event.key === 'ArrowDown' ? 1 : stops.length - 1)) % stops.length]?.focus();
  });
  // Enter goes to the first that was found; with nothing found yet, to the page of the search.
  box.querySelector('form').addEventListener('submit', (event) => {
    const first = box.querySelector(
      `.found[data-for="${CSS.escape(field.value.trim())}"] a, .found [data-for="${CSS.escape(field.value.trim())}"] a`,
    );
    if (!first) return;
    event.preventDefault();
    location.assign(first.href);
  });
})();
