// Runs before anything is painted: the page's ground has the chosen theme's colour from the first frame on.
(() => {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');

  // What this browser remembers for its viewer; nothing where storage is switched off.
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(`esimfly.${name}`));
    } catch {
      return null;
    }
  };
  const write = (name, value) => {
    try {
      localStorage.setItem(`esimfly.${name}`, JSON.stringify(value));
    } catch {
      // The choice lasts as long as the page.
    }
  };

  const lostKey = 'esimfly.lost';
  const viewer = () => {
    const theme = read('theme') ?? 'system';
    const isDark = theme === 'dark' || (theme === 'system' && prefersDark.matches);
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
    return {
      theme,
      isDark,
      hidesTests: read('hideTests') === true,
      isNarrow: matchMedia('(max-width: 959px)').matches,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
  };

  // Answers when what was rendered before stands on the screen; at once where the page is hidden and nothing is painted.
  const painted = () =>
    new Promise((done) => {
      if (document.hidden) {
        done();
      } else {
        requestAnimationFrame(() => requestAnimationFrame(() => done()));
      }
    });

  // Clipboards are for secure pages; a desk on plain HTTP within a network copies the old way.
  const copy = async (text) => {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return;
    }
    const area = document.createElement('textarea');
    area.value = text;
    area.style.cssText = 'position:fixed;opacity:0';
    (document.querySelector('dialog[open]') ?? document.body).append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    if (!isCopied) {
      throw new Error('not allowed');
    }
  };

  // As HTML for what takes it, such as a mail, and as text for what does not.
  const copyHtml = async (html, text) => {
    if (!navigator.clipboard?.write || !window.ClipboardItem) {
      await copy(html);
      return;
    }
    await navigator.clipboard.write([
      new ClipboardItem({
        'text/html': new Blob([html], { type: 'text/html' }),
        'text/plain': new Blob([text], { type: 'text/plain' }),
      }),
    ]);
  };

  // Where an export is collected: a file of the browser's own on disk (its origin private file system), so that the tab need not hold
  // it; in memory where there is none.
  const collectorOf = async (id) => {
    const name = `export-${id}.csv`;
    try {
      const folder = await navigator.storage.getDirectory();
      const file = await folder.getFileHandle(name, { create: true });
      const writable = await file.createWritable();
      return {
        add: (part) => writable.write(part),
        end: async () => {
          await writable.close();
          return file.getFile();
        },
        drop: async () => {
          await writable.abort().catch(() => {});
          await folder.removeEntry(name).catch(() => {});
        },
      };
    } catch {
      const parts = [];
      return { add: (part) => parts.push(part), end: () => new Blob(parts, { type: 'text/csv' }), drop: () => {} };
    }
  };

  // Reads the file as it comes, says how far it is, and hands it to the browser whole.
  const exports = new Map();
  const exportFile = async (id, url, name, page) => {
    const stop = new AbortController();
    exports.set(id, stop);
    let collector = null;
    try {
      const response = await fetch(url, { signal: stop.signal, redirect: 'manual', headers: { Accept: 'text/csv' } });
      if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 403) {
        return 'denied'; // the session has ended: that leads to signing in
      }
      if (!response.ok) {
        return 'failed';
      }
      const total = Number(response.headers.get('X-Total-Rows'));
      collector = await collectorOf(id);
      let rows = -1; // the heading
      let sentAt = 0;
      const reader = response.body.getReader(); // Safari's streams cannot be iterated over
      for (let { done, value: part } = await reader.read(); !done; { done, value: part } = await reader.read()) {
        await collector.add(part);
        for (const byte of part) {
          rows += byte === 10 ? 1 : 0;
        }
        if (Date.now() - sentAt > 200) {
          sentAt = Date.now();
          page.invokeMethodAsync('ShowProgress', Math.max(0, rows), total);
        }
      }
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await collector.end());
      link.download = name;
      link.click();
      const { drop } = collector;
      collector = null;
      setTimeout(() => {
        URL.revokeObjectURL(link.href);
        drop();
      }, 60_000);
      return 'done';
    } catch (error) {
      return error.name === 'AbortError' ? 'cancelled' : 'failed';
    } finally {
      exports.delete(id);
      await collector?.drop();
    }
  };

  const beep = () => {
    const audio = new AudioContext();
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.15, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.4);
    tone.onended = () => audio.close();
  };

  window.desk = {
    viewer,
    read,
    write,
    copy,
    copyHtml,
    painted,
    exportFile,
    cancelExport: (id) => exports.get(id)?.abort(),
    setTheme: (theme) => {
      write('theme', theme);
      return viewer();
    },
    watch: (page) => {
      window.desk.page = page;
      const lost = Number(sessionStorage.getItem(lostKey));
      sessionStorage.removeItem(lostKey);
      return lost; // 0 where the connection was never lost
    },
    openSearch: () => {
      const dialog = document.getElementById('search');
      if (dialog && !dialog.open) {
        dialog.showModal();
        dialog.querySelector('input').select();
        window.desk.page?.invokeMethodAsync('SearchOpened');
      }
    },
    // A screen on the wall: nobody touches it, and its cookie goes on all the same.
    stayAlive: () => setInterval(() => fetch('/account/alive', { redirect: 'manual' }).catch(() => {}), 5 * 60 * 1000),
    printText: (text) => {
      const sheet = document.createElement('pre');
      sheet.className = 'print-sheet';
      sheet.textContent = text;
      document.body.append(sheet);
      document.documentElement.dataset.printing = '';
      print();
      delete document.documentElement.dataset.printing;
      sheet.remove();
    },
    show: (id) => document.getElementById(id)?.scrollIntoView({ block: 'nearest' }),
    closeSearch: () => document.getElementById('search')?.close(),
    // What was opened last, latest first, for the search to offer.
    remember: (path, label) =>
      write('recent', [{ path, label }, ...(read('recent') ?? []).filter((item) => item.path !== path)].slice(0, 8)),
    alertChoices: () => ({
      notify: read('notify') === true && window.Notification?.permission === 'granted',
      sound: read('sound') === true,
    }),
    setNotify: async (isOn) => {
      const isAllowed = isOn && (await window.Notification?.requestPermission()) === 'granted';
      write('notify', isAllowed);
      return isAllowed;
    },
    setSound: (isOn) => {
      write('sound', isOn);
      if (isOn) {
        beep();
      }
    },
    announce: (id, title, text) => {
      const { notify, sound } = window.desk.alertChoices();
      if (notify && document.hidden) {
        new Notification(title, { body: text, tag: `esimfly-${id}` }).onclick = () => {
          window.focus();
          location.assign('/alerts');
        };
      }
      if (sound) {
        beep();
      }
    },
  };

  viewer();
  prefersDark.addEventListener('change', () => {
    viewer();
    window.desk.page?.invokeMethodAsync('SystemThemeChanged').catch(() => {});
  });
  if (location.pathname === '/account/sign-in') {
    write('recent', []); // the next one at this browser is someone else
  }

  // Ctrl+K anywhere, and / outside of fields, lead to the search, before the server knows of it.
  addEventListener('keydown', (event) => {
    const isInField = event.target.closest?.('input, textarea, select, [contenteditable]');
    const isShortcut =
      (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) ||
      (event.key === '/' && !isInField && !event.ctrlKey && !event.metaKey && !event.altKey);
    if (isShortcut && document.getElementById('search')) {
      event.preventDefault();
      window.desk.openSearch();
    }
    if (event.target.id === 'search-term' && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault(); // they move through the results, not through the text
    }
  });
  // A menu that is a <details> closes as menus do.
  const closeMenus = (but) =>
    document.querySelectorAll('details[data-closes][open]').forEach((menu) => {
      if (menu !== but) {
        menu.open = false;
      }
    });
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      closeMenus(null);
    }
  });
  // A row leads to its page wherever it is clicked, but for what has a use of its own, and while text is being selected.
  addEventListener('click', (event) => {
    const row = event.target.closest?.('.rows tr');
    const link = row?.querySelector('a.row-link');
    const hasUse = event.target.closest?.('a, button, input, select, label, summary, details');
    if (link && !hasUse && getSelection().isCollapsed && event.button === 0) {
      if (event.ctrlKey || event.metaKey) {
        open(link.href, '_blank', 'noopener');
      } else {
        link.click();
      }
    }
  });
  addEventListener('click', (event) => {
    closeMenus(event.target.closest?.('details[data-closes]'));
    if (event.target.closest?.('[data-skip]')) {
      event.preventDefault(); // the address would lead to the Overview
      document.getElementById('main').focus();
    } else if (event.target.closest?.('[data-open-search]')) {
      window.desk.openSearch();
    } else if (event.target.id === 'search' || event.target.closest?.('[data-close-search]')) {
      window.desk.closeSearch(); // the ground behind it
    }
  });

  // The connection to the desk: what it says when it is lost, and what is done when it is back.
  addEventListener('DOMContentLoaded', () => {
    const notice = document.getElementById('components-reconnect-modal');
    if (!notice) {
      return;
    }
    const reloadWhenBack = async () => {
      for (;;) {
        try {
          if ((await fetch('/health/live', { cache: 'no-store' })).ok) {
            window.desk.keepEdits?.();
            location.reload();
            return;
          }
        } catch {
          // Not yet.
        }
        await new Promise((resolve) => setTimeout(resolve, 2000));
      }
    };
    notice.querySelector('button').addEventListener('click', () => {
      window.desk.keepEdits?.();
      location.reload();
    });
    notice.addEventListener('components-reconnect-state-changed', (event) => {
      switch (event.detail.state) {
        case 'show':
          if (!sessionStorage.getItem(lostKey)) {
            sessionStorage.setItem(lostKey, Date.now());
          }
          notice.querySelector('time').textContent = new Date(Number(sessionStorage.getItem(lostKey))).toLocaleTimeString();
          break;
        case 'hide': {
          // A page that was away for long is a new one to the desk: it says so itself when it asks (see watch).
          const lost = Number(sessionStorage.getItem(lostKey));
          if (lost) {
            window.desk.page
              ?.invokeMethodAsync('Reconnected', lost)
              .then(() => sessionStorage.removeItem(lostKey))
              .catch(() => {});
          }
          break;
        }
        case 'failed':
        case 'rejected': // the desk was restarted and no longer knows this page: its address says all that it shows
          reloadWhenBack();
          break;
      }
    });
  });

  // A live page makes no requests, and is never silent. So its script says when its viewer is there: to the page, whose
  // session ends without, and to the server, so that the cookie goes on.
  const every = 60 * 1000;
  const cookieEvery = 5 * 60 * 1000;
  let sentAt = Date.now();
  let keptAt = Date.now();
  const note = () => {
    const now = Date.now();
    if (now - sentAt > every) {
      sentAt = now;
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
