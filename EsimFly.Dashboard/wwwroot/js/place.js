// Where the viewer was on a page and what they had typed, over Back, a refresh and a lost connection; and that a click waits.
(() => {
  const store = (name, value) => {
    try {
      if (value === undefined) {
        return JSON.parse(sessionStorage.getItem(`esimfly.${name}`));
      }
      sessionStorage.setItem(`esimfly.${name}`, JSON.stringify(value));
    } catch {
      // No storage: the page begins at its top.
    }
    return null;
  };
  const here = () => location.pathname + location.search;

  // The browser restores the place before the rows are there, and gives up.
  history.scrollRestoration = 'manual';
  const mostPlaces = 50;
  const giveUpAfter = 5000;
  const settledAfter = 700; // the heading takes the focus, and with it the place, once the page is drawn
  let restoring = null;
  const stopRestoring = () => (restoring = null);

  const remember = () => {
    if (restoring === null) {
      const others = (store('places') ?? []).filter(([address]) => address !== here());
      store('places', [...others, [here(), Math.round(scrollY)]].slice(-mostPlaces));
    }
  };
  const placeOf = (address) => (store('places') ?? []).find(([other]) => other === address)?.[1] ?? 0;

  const restore = (y) => {
    if (y <= 0) {
      return;
    }
    const own = (restoring = {});
    const began = performance.now();
    let reachedAt = 0;
    const look = () => {
      if (restoring !== own) {
        return;
      }
      const now = performance.now();
      if (document.documentElement.scrollHeight - innerHeight >= y) {
        reachedAt ||= now;
        if (Math.round(scrollY) !== y) {
          scrollTo(0, y);
        }
      }
      if ((reachedAt && now - reachedAt > settledAfter) || now - began > giveUpAfter) {
        stopRestoring();
      } else {
        requestAnimationFrame(look);
      }
    };
    look();
  };

  let isNoted = false;
  addEventListener(
    'scroll',
    () => {
      if (!isNoted) {
        isNoted = true;
        requestAnimationFrame(() => {
          isNoted = false;
          remember();
        });
      }
    },
    { passive: true },
  );
  for (const own of ['wheel', 'touchstart', 'keydown', 'pointerdown']) {
    addEventListener(own, stopRestoring, { passive: true });
  }
  addEventListener('popstate', () => restore(placeOf(here())));
  if (performance.getEntriesByType('navigation')[0]?.type !== 'navigate') {
    restore(placeOf(here()));
  }

  // What was typed and not yet saved, when a page has to be loaded again because the desk was restarted. Passwords are not kept, and
  // filters are in the address.
  const fields = 'main :is(input, textarea, select):not([type="password"], [type="file"])';
  const touched = new Set();
  const nameOf = (field) =>
    `${field.tagName}:${field.getAttribute('aria-label') ?? field.labels?.[0]?.textContent.trim() ?? field.name}`;
  const fieldsNamed = (name) => [...document.querySelectorAll(fields)].filter((field) => nameOf(field) === name);
  const isChoice = (field) => field.type === 'checkbox' || field.type === 'radio';
  const note = (event) => {
    if (event.target.matches?.(fields) && !event.target.closest('.filters')) {
      touched.add(event.target);
    }
  };
  addEventListener('input', note, true);
  addEventListener('change', note, true);

  const restoreEdits = () => {
    const kept = store('edits');
    sessionStorage.removeItem('esimfly.edits');
    if (kept?.address !== here()) {
      return;
    }
    const left = [...kept.edits];
    const set = (field, name, value) =>
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), name).set.call(field, value);
    const fill = () => {
      while (left.length > 0) {
        const { name, at, value, isChecked } = left[0];
        const field = fieldsNamed(name)[at];
        if (!field) {
          return; // it may come when what stands before it is filled
        }
        left.shift();
        if (isChoice(field)) {
          set(field, 'checked', isChecked);
        } else {
          set(field, 'value', value);
          field.dispatchEvent(new Event('input', { bubbles: true }));
        }
        field.dispatchEvent(new Event('change', { bubbles: true }));
      }
      watcher.disconnect();
    };
    const watcher = new MutationObserver(fill);
    watcher.observe(document.body, { childList: true, subtree: true });
    setTimeout(() => watcher.disconnect(), giveUpAfter * 4);
    fill();
  };
  window.desk.keepEdits = () => {
    const edits = [...document.querySelectorAll(fields)]
      .filter((field) => touched.has(field))
      .map((field) => {
        const name = nameOf(field);
        return { name, at: fieldsNamed(name).indexOf(field), value: field.value, isChecked: field.checked };
      });
    if (edits.length > 0) {
      store('edits', { address: here(), edits });
    }
  };
  restoreEdits();

  // A click whose answer takes long is seen to wait.
  const patience = 500;
  let waiting = 0;
  addEventListener('click', (event) => {
    if (!window.desk.page || !event.target.closest?.('button, a, summary, label, [role="menuitem"]')) {
      return;
    }
    const timer = setTimeout(() => (document.documentElement.dataset.waiting = ''), patience);
    waiting++;
    window.desk.page
      .invokeMethodAsync('Answer')
      .catch(() => {})
      .finally(() => {
        clearTimeout(timer);
        if (--waiting === 0) {
          delete document.documentElement.dataset.waiting;
        }
      });
  });
})();
