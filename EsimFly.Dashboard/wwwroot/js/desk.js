// Runs before anything is painted: the page's ground has the chosen theme's colour from the first frame on.
(() => {
  const key = 'esimfly.theme';
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');

  const read = () => {
    try {
      return localStorage.getItem(key) ?? 'system';
    } catch {
      return 'system'; // storage is switched off
    }
  };

  const apply = () => {
    const theme = read();
    const isDark = theme === 'dark' || (theme === 'system' && prefersDark.matches);
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
    return { theme, isDark, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
  };

  window.desk = {
    viewer: apply,
    setTheme: (theme) => {
      try {
        localStorage.setItem(key, theme);
      } catch {
        // The choice lasts as long as the page.
      }
      return apply();
    },
    copy: (text) => navigator.clipboard.writeText(text),
    watch: (page) => {
      window.desk.page = page;
    },
  };

  apply();

  // A live page makes no requests, and is never silent. So its script says when its viewer is there: to the page, whose
  // session ends without, and to the server, so that the cookie goes on.
  const every = 60 * 1000;
  const cookieEvery = 5 * 60 * 1000;
  let saidAt = Date.now();
  let keptAt = Date.now();
  const note = () => {
    const now = Date.now();
    if (now - saidAt > every) {
      saidAt = now;
      window.desk.page?.invokeMethodAsync('NoteActivity').catch(() => {});
    }
    if (now - keptAt > cookieEvery) {
      keptAt = now;
      fetch('/account/alive', { redirect: 'manual' }).catch(() => {});
    }
  };
  addEventListener('pointerdown', note, { passive: true });
  addEventListener('keydown', note, { passive: true });
})();
