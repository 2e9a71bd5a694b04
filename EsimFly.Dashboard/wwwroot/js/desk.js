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
  };

  apply();

  // A live page makes no requests. While its viewer is busy, this one keeps the session's cookie fresh.
  const freshFor = 5 * 60 * 1000;
  let keptAt = Date.now();
  const keep = () => {
    if (Date.now() - keptAt > freshFor) {
      keptAt = Date.now();
      fetch('/account/alive', { redirect: 'manual' }).catch(() => {});
    }
  };
  addEventListener('pointerdown', keep, { passive: true });
  addEventListener('keydown', keep, { passive: true });
})();
