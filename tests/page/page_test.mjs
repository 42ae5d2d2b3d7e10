// node --test page_test.mjs, with what browser.mjs needs in the environment: the page of a run.
import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {pathToFileURL} from 'node:url';
import {
  channels,
  chart_rows,
  contrast,
  markup,
  misplaced_texts,
  open_all_tables,
  opened,
  output,
  scroll_through,
  settled,
  test_of,
  widths,
} from './browser.mjs';
import {leave_out, page_cells, set_text} from './driven_page.mjs';
import {hostile_report, hourly_report, large_report, missed_report, page_of, reference_report} from './fixture.mjs';
import {check_keyboard, check_landmarks, check_layout, check_paper, check_text_contrast} from './readers.mjs';

const run = new URL('../../results/reference/table4/', import.meta.url);

function written(name, report) {
  const file = path.join(output, `${name}.html`);
  writeFileSync(file, page_of(report));
  return pathToFileURL(file).href;
}

const page_test = (sentence, name, report, check, options) =>
  test_of(sentence, () => written(name, report()), check, options);

// Numbers and bands, row by row, of the text table.
function text_cells() {
  const lines = readFileSync(new URL('table.txt', run), 'utf8').split('\n');
  const first = lines.findIndex(line => line.startsWith('gCO2e  ')) + 1;
  const parts = line => line.trim().split(/ {2,}/);
  return [0, 2, 4].map(row => {
    const [country, ...numbers] = parts(lines[first + row]);
    const [, ...bands] = parts(lines[first + row + 1]);
    return [country, ...numbers.map((number, index) => [number, bands[index]])];
  });
}

// The table -------------------------------------------------------------------------------------------------------

page_test('the table has the text table’s digits', 'table4', reference_report, async page => {
  assert.deepEqual(await page_cells(page, '#answer .emissions'), text_cells());
});

page_test('what isn’t told apart is said in the text table’s words', 'table4', reference_report, async page => {
  const text = readFileSync(new URL('table.txt', run), 'utf8');
  const notes = text
    .slice(text.indexOf('Not told apart'), text.indexOf('\n\nBeside the published'))
    .split('\n')
    .slice(1);
  assert.deepEqual(
    await page.$$eval('.panel .plain li', all => all.map(item => item.textContent)),
    notes.map(note => note.trim()),
  );
});

page_test('question, answer, table, pairs and influences are on one screen', 'table4', reference_report, async page => {
  const bottom = await page.$eval('.panels', panels => panels.getBoundingClientRect().bottom);
  assert.ok(bottom <= 800, `they end at ${bottom} px`);
});

page_test(
  'a missed target has words and no number, and a grid without emissions has 0',
  'missed',
  missed_report,
  async page => {
    const [usa, , france] = await page_cells(page, '#answer .emissions');
    assert.deepEqual(usa.slice(-2), [
      ['not reached', ''],
      ['diverged', ''],
    ]);
    assert.deepEqual(france.slice(1, 3), [
      ['0', ''],
      ['0', ''],
    ]);
    const notes = await page.$$eval('#answer > .notes li', all => all.map(item => item.textContent));
    assert.equal(
      notes[0],
      'federated-iid, jetson-tx2: not reached (best 85.1 %); spent so far: USA 0.13 g, CHN 0.19 g, FRA 0.014 g',
    );
    await page.select('#grams select', 'log');
    await scroll_through(page);
    const texts = await page.$$eval('#grams svg text', all => all.map(text => text.textContent));
    assert.equal(texts.filter(text => text === '0 g').length, 4, 'a mark for each cell of 0 g');
    assert.equal(texts.filter(text => text === 'not reached').length, 3);
    assert.equal(texts.filter(text => text === 'diverged').length, 3);
    await (await page.$('#grams')).screenshot({path: path.join(output, 'missed-grams.png')});
  },
);

page_test(
  'a run by the hour, without a target and with little known, is shown and can be priced anew',
  'hourly',
  hourly_report,
  async page => {
    assert.equal((await page_cells(page, '#answer .emissions'))[0][0], 'US-CAL-CISO');
    await scroll_through(page);
    for (const id of ['holdings', 'nodes', 'published', 'serving']) assert.equal(await page.$(`#${id}`), null);
    const settings = await page.$$eval('#assumptions tr', rows =>
      rows.map(row => [...row.children].map(cell => cell.textContent)),
    );
    assert.equal(settings.find(([, grams]) => grams === 'hourly').at(-1), 'a file, 2 h filled in, 1 h forecast');
    assert.deepEqual(
      settings.find(([name]) => name === 'node_places'),
      ['node_places', 'France, the row’s country, US-CAL-CISO'],
    );
    assert.deepEqual(
      settings.find(([name]) => name === 'datacenter_sites'),
      ['datacenter_sites', 'aws:eu-west-3'],
    );
    assert.match(settings.find(([name]) => name === 'network.router_w')[1], /^7.5, published: Wu/);
    const figures = await page.$$eval('#assumptions details tr', rows => rows.map(row => row.children[2].textContent));
    assert.ok(!figures.some(band => band.includes('?')), 'a band with one end reaches to the value');
    await set_text(page, '#country', 'Germany');
    assert.deepEqual(
      (await page_cells(page, '#repriced .emissions')).map(([country]) => country),
      ['China', 'France', 'Germany'],
    );
  },
);

// Prices ----------------------------------------------------------------------------------------------------------

// By hand, of v100: 224.764 J x 1.2 / 3.6e6 x 336.38 g/kWh = 0.025202 g. Its ends, before PUE: 94.3132 J / 1.67 and
// 1424.785 J / 1.67. Of a federated column: the cell of the USA x 336.38 / 383.78.
const germany = [
  'Germany',
  ['0.025', '0.0063-0.096'],
  ['0.070', '0.014-0.39'],
  ['0.11', '0.048-0.41'],
  ['0.20', '0.085-0.74'],
];

page_test('another country and PUE are priced in the page', 'table4', reference_report, async page => {
  assert.equal(await page.$('#repriced table'), null, 'the run’s own table stands on top');
  await set_text(page, '#country', 'deu');
  for (const country of ['United States', 'China', 'France']) await leave_out(page, country);
  await set_text(page, '#pue', '1.2');
  assert.deepEqual(await page_cells(page, '#repriced .emissions'), [germany]);
  assert.deepEqual(await page.$$eval('#repriced thead th', all => all.map(head => head.textContent)), [
    'gCO2e',
    'v100, PUE 1.2',
    'k80, PUE 1.2',
    'federated-iid, jetson-tx2',
    'federated-noniid, jetson-tx2',
  ]);
  await scroll_through(page);
  const labels = await page.$$eval('#grams svg text', all => all.map(text => text.textContent));
  assert.ok(labels.includes('Germany') && !labels.includes('China'), 'the bars follow');

  await page.click('#repriced .cell');
  assert.match(await page.$eval('#chain pre', text => text.textContent), /fedgram explain/);
  await page.keyboard.press('Escape');
  await page.$$eval('.controls button', all => all.find(button => button.textContent.startsWith('Back')).click());
  assert.equal(await page.$('#repriced table'), null);
  assert.deepEqual(await page_cells(page, '#answer .emissions'), text_cells());
});

// The text table: the network's 0.0715 g would be 1.72 g by the other method, beside 0.0579 g of the devices.
page_test(
  'the other network method and fewer devices are priced in the page',
  'table4',
  reference_report,
  async page => {
    await page.$$eval('.controls select', all => {
      const network = all.find(select => select.value === 'router');
      network.value = 'kwh_per_gb';
      network.dispatchEvent(new Event('change'));
    });
    await page.click('input[value="k80"]');
    const [usa] = await page_cells(page, '#repriced .emissions');
    assert.equal(usa.length, 1 + 2 + 2, 'v100 at two PUEs, and two federated trainings');
    assert.equal(usa[3][0], '1.8');
    await page.click('input[value="v100"]');
    assert.match(await page.$eval('[role="status"]', status => status.textContent), /At least one/);
  },
);

page_test('what is no country or PUE is refused in words', 'table4', reference_report, async page => {
  const status = () => page.$eval('[role="status"]', element => element.textContent);
  await set_text(page, '#country', 'Atlantis');
  assert.match(await status(), /Atlantis/);
  await set_text(page, '#pue', '0.9');
  assert.match(await status(), /from 1 to 10/);
  assert.equal(await page.$('#repriced table'), null);
});

// Charts ----------------------------------------------------------------------------------------------------------

const axis_titles = {
  grams: ['gCO2e, g', 'country'],
  energy: ['energy, kJ', 'training'],
  accuracy: ['round (centralized: evaluation)', 'test accuracy, %'],
  holdings: ['node', 'class', 'node', 'samples'],
  serving: ['p99 latency, ms (logarithmic)', 'throughput, answers/s'],
  nodes: ['nodes, from the worst on, %', 'accuracy on the node’s own test data, %'],
  time: ['share of device time, %', 'training'],
  published: ['gCO2e, g (logarithmic)', 'cell'],
};

for (const width of widths)
  for (const scheme of ['light', 'dark'])
    page_test(
      `at ${width} px, ${scheme}, nothing is cut or on something else`,
      'table4',
      reference_report,
      async page => {
        await check_layout(page, width, `table4-${width}-${scheme}`);
        for (const [id, titles] of Object.entries(axis_titles)) {
          const texts = await page.$$eval(`#${id} svg text`, all => all.map(text => text.textContent));
          for (const title of titles) assert.ok(texts.includes(title), `${id} has an axis “${title}”`);
        }
        for (const key of ['virtual_seconds', 'joules', 'gco2e']) {
          await page.select('#accuracy select', key);
          await settled(page);
          assert.deepEqual(await misplaced_texts(page), [], `accuracy against ${key}`);
        }
        await page.select('#grams select', 'log');
        await settled(page);
        assert.deepEqual(await misplaced_texts(page), [], 'logarithmic grams');
      },
      {width, scheme},
    );

page_test(
  'ten countries and three PUEs have room',
  'table4',
  reference_report,
  async page => {
    for (const country of ['DEU', 'POL', 'IND', 'GBR', 'BIH', 'COD', 'SWE']) await set_text(page, '#country', country);
    await set_text(page, '#pue', '1.05, 1.2 1.5');
    await scroll_through(page);
    await page.screenshot({path: path.join(output, 'ten-countries-360.png'), fullPage: true});
    assert.equal((await page_cells(page, '#repriced .emissions')).length, 10);
    assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 360);
    assert.deepEqual(await misplaced_texts(page), []);
  },
  {width: 360},
);

page_test('each chart’s data stands beneath it as a table', 'table4', reference_report, async page => {
  await open_all_tables(page);
  await settled(page);
  const [grams] = await chart_rows(page, 'grams');
  assert.deepEqual(grams[0], ['United States', 'v100, PUE 1.67', '0.040', '0.010-0.15']);
  assert.equal(grams.length, 18);
  const [energy] = await chart_rows(page, 'energy'); // train, download, upload, waiting, overhead, network, sum
  assert.deepEqual(energy[5], [
    'federated-noniid, jetson-tx2',
    '0.608',
    '0.0993',
    '0.199',
    '0.161',
    '0',
    '1.12',
    '2.18',
  ]);
  const [accuracy] = await chart_rows(page, 'accuracy');
  assert.equal(accuracy.length, 26);
  assert.deepEqual(accuracy[1].slice(0, 4), ['centralized', '2', '90.1 %', '5.40']);
  const [map, sizes] = await chart_rows(page, 'holdings');
  // Node 0 by hand: 900 + 13 + 26 + 39 + 52 + 65 + 78 + 1 + 14 + 27.
  assert.deepEqual([map.length, map[0].length, map[0][1], sizes[0][1]], [10, 11, '900', '1215']);
  assert.equal((await chart_rows(page, 'nodes'))[0].length, 20);
  assert.equal((await chart_rows(page, 'time'))[0].length, 4);
  const [published] = await chart_rows(page, 'published');
  assert.deepEqual(published[0], ['USA', 'v100, PUE 1.67', '0.040', '1.6', '0.0250']);
  assert.equal(published.length, 17);
  const [serving] = await chart_rows(page, 'serving');
  assert.equal(serving.length, 8);
  assert.deepEqual(serving[1], [
    '1',
    't4',
    'float32 with 2 instances and batches of at most 8',
    '4 clients',
    '1.80',
    '800',
    '6.00',
  ]);
  assert.equal(await page.$$eval('.chart', all => all.length), 9, 'no other chart');
});

// How it is served ------------------------------------------------------------------------------------------------

// As the text report has it: 12.5 % of the joules, to the even per cent.
page_test('what analyses found stands in the text report’s words', 'table4', reference_report, async page => {
  assert.match(
    await page.$eval('#serving p', text => text.textContent),
    /^t4: federated-iid of results\/mine on t4, a100; maximizing throughput; .* answers\/s\. In 40 measurements/,
  );
  const tables = await page.$$eval('#serving > .scroll', all =>
    all.map(box => [...box.querySelectorAll('tbody tr')].map(row => [...row.children].map(cell => cell.textContent))),
  );
  const [best, loads] = tables;
  // No core-seconds, device-seconds or network: nothing is known of them.
  const first = 't4|float32 with 2 instances and batches of at most 8|64 clients|3200|13.8|1000|6.00|90.1 %';
  assert.deepEqual(best[0], ['1', 'kept', ...first.split('|'), '8.8 (7.0-11)', '0.250', '12 %', '0.0125']);
  assert.deepEqual(best[2].slice(5, 7), ['1500', '-']);
  assert.deepEqual([best.length, ...best[3].slice(0, 2)], [4, 'default', 'broken']);
  assert.deepEqual(loads, [['1', 'broken', 'at capacity', '3400', '1', '7.50', '0 %']]);
  assert.deepEqual(await page.$$eval('#serving .notes li', all => all.map(item => item.textContent)), [
    't4: watts enclose the card.',
  ]);
  await scroll_through(page);
  const texts = await page.$$eval('#serving svg text', all => all.map(text => text.textContent));
  for (const bound of ['p99 at most 15.0 ms', 'at least 500 answers/s']) assert.ok(texts.includes(bound), bound);
});

// Readers ---------------------------------------------------------------------------------------------------------

page_test(
  'the keyboard reaches each control and cell, with a focus that is seen',
  'table4',
  reference_report,
  async page => {
    await check_keyboard(page);
  },
);

// Of the accuracy chart, which has three curves; the first one has two points.
page_test(
  'arrow keys go through a chart’s points and series, and read out each',
  'table4',
  reference_report,
  async page => {
    await page.focus('#accuracy .keys');
    await page.$eval('#accuracy .keys', box => box.scrollIntoView());
    await settled(page);
    const heard = async key => {
      await page.keyboard.press(key);
      return page.$eval('#accuracy .heard', box => box.textContent);
    };
    const first = await heard('ArrowRight');
    assert.match(first, /^centralized: [0-9.]+ % at round 1/);
    assert.match(await heard('ArrowRight'), /^centralized: 90.1 % at round 2/);
    assert.match(await heard('ArrowRight'), /^centralized: 90.1 % at round 2/, 'it ends at the last point');
    assert.match(await heard('ArrowDown'), /federated-iid: [0-9.]+ % at round 2/);
    assert.match(await heard('End'), /federated-iid: 90.2 % at round 9/);
    await page.screenshot({path: path.join(output, 'keys.png')});
    await heard('Home');
    assert.ok(await page.$eval('#accuracy .tip', tip => tip.checkVisibility({visibilityProperty: true})));
    await page.keyboard.press('Escape');
    await settled(page);
    for (const id of ['grams', 'energy', 'serving', 'holdings', 'nodes', 'time', 'published']) {
      await page.$eval(`#${id} .keys`, box => box.scrollIntoView());
      await settled(page);
      await page.focus(`#${id} .keys`);
      await page.keyboard.press('ArrowRight');
      const text = await page.$eval(`#${id} .heard`, box => box.textContent);
      assert.ok(text.length > 5, `${id} reads out “${text}”`);
    }
  },
);

page_test('boxes show and hide what the legend names, by keyboard', 'table4', reference_report, async page => {
  await scroll_through(page);
  await page.$eval('#energy .series', box => box.scrollIntoView());
  await page.focus('#energy .series summary');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const drawn = () => page.$$eval('#energy .chart svg path', all => all.length);
  const before = await drawn();
  await page.keyboard.press('Space');
  await settled(page);
  assert.ok((await drawn()) < before, 'the first part is gone');
  assert.ok(await page.evaluate(() => document.activeElement.matches('#energy .series input:not(:checked)')));
  await page.select('header select', 'dark');
  await settled(page);
  assert.ok(await page.$('#energy .series input:not(:checked)'), 'it stays hidden in other colours');
  await page.focus('#energy .series input');
  await page.keyboard.press('Space');
  await settled(page);
  assert.equal(await drawn(), before);
});

page_test('Enter on a cell opens its chain, Escape goes back to the cell', 'table4', reference_report, async page => {
  await page.focus('#answer .cell');
  await page.keyboard.press('Enter');
  assert.match(await page.$eval('#chain[open] pre', text => text.textContent), /^USA, v100, PUE 1.67\n/);
  await page.screenshot({path: path.join(output, 'chain.png')});
  await page.keyboard.press('Escape');
  assert.equal(await page.$('#chain[open]'), null);
  assert.ok(await page.evaluate(() => document.activeElement === document.querySelector('#answer .cell')));
});

page_test('landmarks, headings in order, and a name for each chart', 'table4', reference_report, async page => {
  await check_landmarks(page);
});

for (const scheme of ['light', 'dark'])
  page_test(
    `text and bars have contrast, ${scheme}`,
    'table4',
    reference_report,
    async page => {
      await scroll_through(page);
      const ground = await check_text_contrast(page, ['body', '.band', '.hint', 'nav a', '#answer .number']);
      const fills = await page.$$eval('#energy svg > g > path', all => [
        ...new Set(
          all
            .filter(bar => /^(#|rgb\()/.test(bar.getAttribute('fill')) && bar.getAttribute('fill-opacity') !== '0')
            .map(bar => getComputedStyle(bar).fill),
        ),
      ]);
      assert.ok(fills.length >= 6, 'six colours');
      for (const fill of fills)
        assert.ok(contrast(channels(fill), ground) >= 3, `${fill}: ${contrast(channels(fill), ground)}`);
    },
    {scheme},
  );

page_test(
  'the reader’s choice of colours beats the system’s',
  'table4',
  reference_report,
  async page => {
    const ground = () => page.$eval('body', body => getComputedStyle(body).backgroundColor);
    assert.equal(await ground(), 'rgb(21, 24, 28)');
    await page.select('header select', 'light');
    assert.equal(await ground(), 'rgb(255, 255, 255)');
    await page.select('header select', 'system');
    assert.equal(await ground(), 'rgb(21, 24, 28)');
  },
  {scheme: 'dark'},
);

page_test(
  'paper is light, shows all charts and no controls',
  'table4',
  reference_report,
  async page => {
    await check_paper(page, 9, 'print');
    await page.emulateMediaType('screen');
    await settled(page);
    const [drawn, room] = await page.$eval('#grams .chart', box => [
      box.querySelector('svg').getAttribute('width'),
      String(box.clientWidth),
    ]);
    assert.equal(drawn, room, 'and on the screen all is as before');
  },
  {scheme: 'dark'},
);

// Names -----------------------------------------------------------------------------------------------------------

page_test(
  'names with markup stay text',
  'hostile',
  () => hostile_report(markup),
  async page => {
    await scroll_through(page);
    await open_all_tables(page);
    const tips = [];
    for (const id of ['grams', 'energy', 'serving', 'accuracy', 'holdings', 'nodes', 'time', 'published']) {
      const chart = await page.$(`#${id} .chart`);
      await chart.evaluate(box => box.scrollIntoView());
      const {x, y, width, height} = await chart.boundingBox();
      for (let down = 0.1; down < 1; down += 0.05) {
        await page.mouse.move(x + width * 0.3, y + height * down);
        tips.push(...(await page.$$eval('.tip', all => all.map(tip => tip.textContent))));
      }
    }
    await page.focus('#answer .cell');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await set_text(page, '#country', markup);
    assert.equal(await page.$$eval('img, script[src], iframe, a[href^="javascript"]', all => all.length), 0);
    assert.equal((await page_cells(page, '#answer .emissions'))[0][0], `United ${markup}`);
    assert.ok(
      tips.some(tip => tip.includes(markup)),
      'a tooltip shows the markup as text',
    );
    assert.match(await page.title(), /^<img src=x onerror=alert\(1\)> <\/title>/);
  },
  {},
);

// Weight ----------------------------------------------------------------------------------------------------------

test('the page without data is at most 900 kB, and its scripts end where they should', () => {
  const page = page_of({title: ''});
  assert.equal(page.split('</script').length - 1, 3);
  assert.ok(!page.includes('<!--'));
  const size = Buffer.byteLength(page);
  console.log(`the page without data: ${size} bytes`);
  assert.ok(size <= 900e3);
});

// Other builds may share the cores: the best of three counts.
test('3 trainings of 1,500 rounds and 1,000 nodes open in less than 2 s', async () => {
  const times = [];
  for (let trial = 0; trial < 3; ++trial) {
    const page = await opened(written('large', large_report()));
    await settled(page);
    times.push(await page.evaluate(() => performance.now()));
    if (trial === 2) {
      await scroll_through(page);
      await page.screenshot({path: path.join(output, 'large.png'), fullPage: true});
      assert.deepEqual(await misplaced_texts(page), []);
    }
    assert.deepEqual(page.mishaps, []);
    await page.close();
  }
  console.log(`opened in ${times.map(time => time.toFixed(0)).join(', ')} ms`);
  assert.ok(Math.min(...times) < 2000, `${times} ms`);
});
