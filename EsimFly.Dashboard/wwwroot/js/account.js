// The plain form pages: copying, and passkeys (Web Authentication, level 3).
(() => {
  // The desk answers with addresses of the scheme that it was asked by, and browsers refuse to send a form on to http.
  for (const notice of document.querySelectorAll('[data-scheme]')) {
    notice.hidden = `${notice.dataset.scheme}:` === location.protocol;
  }

  const toJson = (credential) => JSON.stringify(credential.toJSON());

  const askFor = async (url, form) => {
    const token = form.querySelector('input[name="__RequestVerificationToken"]').value;
    const response = await fetch(url, { method: 'POST', headers: { RequestVerificationToken: token } });
    if (!response.ok) {
      throw new Error(
        response.status === 429 ? 'Too many tries. Wait a minute.' : 'The desk did not answer as expected. Reload the page and try again.',
      );
    }
    return response.json();
  };

  const ways = {
    create: async (form) => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await askFor('/account/passkeys/creation-options', form));
      return navigator.credentials.create({ publicKey });
    },
    request: async (form) => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await askFor('/account/passkeys/request-options', form));
      return navigator.credentials.get({ publicKey });
    },
  };

  for (const button of document.querySelectorAll('[data-passkey]')) {
    const form = button.closest('form');
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
      form.hidden = true;
      continue;
    }
    button.addEventListener('click', async (event) => {
      event.preventDefault();
      const problem = form.querySelector('[data-problem]');
      problem.hidden = true;
      try {
        form.querySelector('[data-credential]').value = toJson(await ways[button.dataset.passkey](form));
        form.requestSubmit();
      } catch (error) {
        problem.textContent = error.name === 'NotAllowedError' ? 'The passkey was not used.' : error.message;
        problem.hidden = false;
      }
    });
  }

  for (const button of document.querySelectorAll('[data-copy]')) {
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = 'Copied';
    });
  }
})();
