// Real Chromium, signed in at the product's own form.
import { needPackages, need } from './run.mjs';
import { admin } from './desk.mjs';

export const away = '/settings/about';

/** Launches Chromium; it ends with the benchmark. */
export async function launch() {
  need('chromium');
  needPackages();
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A context of its own, signed in. */
export async function signIn(browser, desk, { email, password } = admin) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${desk.url}/account/sign-in`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(`${desk.url}/`);
  await page.close();
  return context;
}

/** The session of a context, as a header. */
export async function cookieOf(context) {
  return (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** Opens a page and waits until it is live and has loaded. */
export async function open(context, desk, path) {
  const page = await context.newPage();
  await page.goto(desk.url + path);
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll('.mud-skeleton').length === 0);
  return page;
}

/** Joins someone by an invitation, as an administrator would have it. */
export async function invite(context, desk, email, password) {
  const page = await open(context, desk, '/settings/users');
  await page.getByLabel('Name', { exact: true }).fill(email.split('@')[0]);
  await page.getByLabel('E-mail address', { exact: true }).fill(email);
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const text = await page.getByTestId('link').innerHTML();
  await page.close();
  const link = /\/account\/link\?code=[^"<\s&]+/.exec(text)[0];
  const guest = await context.browser().newContext();
  const form = await guest.newPage();
  await form.goto(desk.url + link);
  await form.getByLabel('Password', { exact: true }).fill(password);
  await form.getByLabel('Password again').fill(password);
  await form.locator('button.main').click();
  await form.waitForURL(/sign-in/);
  await guest.close();
}
