// Drives an installed Firefox over WebDriver BiDi for the Python tests: one JSON command a line on standard input, one
// JSON answer a line on standard output. Puppeteer needs no geckodriver; the plain Playwright cannot drive Firefox.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [packageJson, executablePath] = process.argv.slice(2);
const puppeteer = (await import(pathToFileURL(createRequire(packageJson).resolve('puppeteer-core')).href)).default;
const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: false });
const page = await browser.newPage();
const errors = [];
page.on('pageerror', (error) => errors.push(String(error)));

// Firefox says the newer of ARIA's two names for the same role.
const OWN_ROLES = { img: 'image' };

function find({ role, name, wait }) {
  const [itsName, itsRole] = [name, OWN_ROLES[role] ?? role].map((text) => JSON.stringify(text));
  return page.waitForSelector(`::-p-aria([name=${itsName}][role=${itsRole}])`, { timeout: wait });
}

async function stroke(target) {
  const element = await find(target);
  await element.scrollIntoView();
  const { x, y, width, height } = await element.boundingBox();
  await page.mouse.move(x + width * 0.2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.8, y + height / 2, { steps: 8 });
  await page.mouse.up();
}

// A button that is there but still disabled is waited for, as a person would.
async function press(target) {
  const element = await find(target);
  await page.waitForFunction((node) => !node.disabled, { timeout: target.wait }, element);
  await element.click();
}

const commands = {
  open: ({ url }) => page.goto(url).then(() => null),
  reload: () => page.reload().then(() => null),
  at: ({ step, wait }) => page.waitForSelector(`main[data-step="${step}"]`, { timeout: wait }).then(() => null),
  press,
  sees: (target) => find(target).then(() => null),
  text: ({ selector }) => page.$eval(selector, (node) => node.innerText),
  chooseFile: async ({ selector, path }) => (await page.$(selector)).uploadFile(path),
  stroke,
  ask: ({ expression }) => page.evaluate(expression),
  picture: ({ path }) => page.screenshot({ path, fullPage: true }).then(() => null),
  errors: () => errors,
};

process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const { do: command, ...options } = JSON.parse(line);
  try {
    const value = await commands[command](options);
    process.stdout.write(`${JSON.stringify({ value: value ?? null })}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
  }
}
await browser.close();
