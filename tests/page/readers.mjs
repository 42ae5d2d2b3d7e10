// What holds of every page for those who read it in their own way.
import assert from 'node:assert/strict';
import path from 'node:path';
import {channels, contrast, misplaced_texts, output, scroll_through, settled} from './browser.mjs';

// Nothing is cut or on something else, and nothing but a table scrolls sideways.
export async function check_layout(page, width, screenshot) {
  await scroll_through(page);
  await page.screenshot({path: path.join(output, `${screenshot}.png`), fullPage: true});
  assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= width, 'the page scrolls sideways');
  assert.deepEqual(await misplaced_texts(page), []);
}

// Each control is reached by Tab, with a focus that is seen.
export async function check_keyboard(page) {
  const reached = new Set();
  for (let count = 0; count < 200; ++count) {
    await page.keyboard.press('Tab');
    const {key, outline} = await page.evaluate(() => {
      const at = document.activeElement;
      if (at === document.body) return {}; // behind the last one
      return {
        key: (at.dataset.order ??= String(document.querySelectorAll('[data-order]').length)),
        outline: getComputedStyle(at).outlineStyle,
      };
    });
    if (!key || reached.has(key)) break;
    reached.add(key);
    assert.notEqual(outline, 'none');
  }
  const missed = await page.$$eval('button, input, select, summary, a', all =>
    all.filter(element => element.checkVisibility() && !element.dataset.order).map(element => element.outerHTML),
  );
  assert.deepEqual(missed, []);
}

// Landmarks, headings in order, and a name for each chart.
export async function check_landmarks(page) {
  await scroll_through(page);
  const headings = await page.$$eval('h1, h2, h3, h4', all =>
    all.filter(heading => heading.checkVisibility()).map(heading => heading.tagName),
  );
  assert.equal(headings.filter(tag => tag === 'H1').length, 1);
  assert.equal(headings[0], 'H1');
  assert.ok(headings.slice(1).every(tag => tag === 'H2'));
  for (const landmark of ['header', 'nav', 'main', 'footer']) assert.ok(await page.$(landmark));
  const names = await page.$$eval('.chart', all =>
    all.map(box => [box.getAttribute('role'), box.getAttribute('aria-label')]),
  );
  assert.ok(
    names.every(([role, label]) => role === 'img' && label.length > 20),
    JSON.stringify(names),
  );
}

// Light, with all charts and no controls.
export async function check_paper(page, count, screenshot) {
  await page.emulateMediaType('print');
  await settled(page);
  await settled(page);
  const seen = await page.$$eval(
    '.controls, header, nav, summary, dialog, .skip',
    all => all.filter(element => element.checkVisibility()).length,
  );
  assert.equal(seen, 0, 'no control is seen');
  const charts = await page.$$eval('.chart svg', all => all.map(svg => svg.getAttribute('width')));
  assert.deepEqual(charts, Array(count).fill('680'));
  assert.equal(await page.$eval('body', body => getComputedStyle(body).backgroundColor), 'rgb(255, 255, 255)');
  await page.screenshot({path: path.join(output, `${screenshot}.png`), fullPage: true});
  await page.pdf({path: path.join(output, `${screenshot}.pdf`), format: 'A4'});
}

// Texts have 4.5:1 to the ground, which is given.
export async function check_text_contrast(page, selectors) {
  const ground = channels(await page.$eval('body', body => getComputedStyle(body).backgroundColor));
  for (const selector of selectors) {
    const color = channels(await page.$eval(selector, element => getComputedStyle(element).color));
    assert.ok(contrast(color, ground) >= 4.5, `${selector}: ${contrast(color, ground)}`);
  }
  return ground;
}
