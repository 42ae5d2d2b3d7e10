// The first screen: the question, the answer, the run's own table, which columns the figures don't tell apart, and what
// moves them most.

const cell_of = (table, country, column) =>
  table.cells.find(cell => cell.country === country && cell.column === column);

// In which of the table's rows a pair isn't told apart, by the ratio that it has there.
function alike_rows(table, pair) {
  const by_ratio = new Map();
  for (const country of own_countries(table)) {
    const [one, other] = [pair.column, pair.over].map(column => cell_of(table, country.iso3, column));
    if (!one.not_told_apart_from.includes(pair.over)) continue;
    const text = ratio_text(pair, one.gco2e_per_kwh / other.gco2e_per_kwh);
    by_ratio.set(text, [...(by_ratio.get(text) ?? []), country.name]);
  }
  return by_ratio;
}

// Where neither emits anything there is no ratio.
function ratio_text({ratio, low, high}, grids) {
  if (!Number.isFinite(grids)) return '';
  const band = low < high ? `, ${band_text(low * grids, high * grids)}` : '';
  return ` (${banded(ratio * grids, low * grids, high * grids)} times${band})`;
}

function alike_notes(table) {
  return table.energy_ratios.flatMap(pair =>
    [...alike_rows(table, pair)].map(([ratio, countries]) => {
      const where = countries.length < table.accounting.countries.length ? `In ${countries.join(', ')}: ` : '';
      return `${where}${pair.column} and ${pair.over}${ratio}`;
    }),
  );
}

const panel = (heading, ...children) =>
  element('section', {className: 'panel'}, element('h2', {}, heading), ...children);

function alike_panel(table) {
  const notes = alike_notes(table);
  const pairs = plural(table.energy_ratios.length, 'pair');
  const meaning =
    table.energy_ratios.length === 0
      ? 'No two columns have a result to compare.'
      : notes.length > 0
      ? `The band of the first over the second contains 1, what both rest on moved together (${pairs} compared):`
      : `Each pair of columns is told apart: the band of no ratio contains 1 (${pairs} compared).`;
  const list = element('ul', {className: 'plain'}, ...notes.map(note => element('li', {}, note)));
  return panel('Not told apart', element('p', {}, meaning), list);
}

// The column says of which device a figure is.
const figure_name = figure => figure.split(' of ')[0];

function influence_cell(influence) {
  if (!influence) return element('td');
  const {figure, from, to, gco2e_from, gco2e_to} = influence;
  const reach = `${significant(gco2e_from, 2)} to ${significant(gco2e_to, 2)} g`;
  return element(
    'td',
    {title: figure},
    `${figure_name(figure)} ${tick(from, 3)} to ${tick(to, 3)}`,
    element('span', {className: 'band'}, reach),
  );
}

// A row for each column, its figures from the widest on.
function influences_table(influences) {
  const columns = [...new Set(influences.map(influence => influence.column))];
  const of = column => influences.filter(influence => influence.column === column);
  const ranks = [...Array(Math.max(...columns.map(column => of(column).length))).keys()];
  const row = column =>
    element('tr', {}, element('th', {scope: 'row'}, column), ...ranks.map(rank => influence_cell(of(column)[rank])));
  return element(
    'table',
    {className: 'data influences'},
    element('thead', {}, row_of('th', ['column', ...ranks.map(rank => (rank === 0 ? 'most' : 'then'))])),
    element('tbody', {}, ...columns.map(row)),
  );
}

function influences_panel({influences, table}) {
  const heading = 'What moves a cell most';
  if (influences.length === 0) return panel(heading, element('p', {}, 'No figure behind these cells has a band.'));
  const country = own_countries(table)[0].name;
  const meaning = `One figure at a time, from one end of its band to the other, and the cell’s grams in ${country}:`;
  return panel(heading, element('p', {}, meaning), scroll_box(heading, influences_table(influences)));
}

// "k80, PUE 1.67: not reached (best 85.1 %); spent so far: USA 0.12 g, ..."
function missed_notes(table) {
  return table.columns.flatMap(({column}) => {
    const cells = table.cells.filter(cell => cell.column === column && cell.gco2e === null);
    if (cells.length === 0) return [];
    const spent = cells.map(
      cell => `${cell.country} ${banded(cell.spent_gco2e, cell.spent_low_gco2e, cell.spent_high_gco2e)} g`,
    );
    const words = words_without_result(cells[0]);
    return [`${column}: ${words} (best ${percent(cells[0].best_test_accuracy)}); spent so far: ${spent.join(', ')}`];
  });
}

function answer_section(report, open_chain) {
  return element(
    'section',
    {id: 'answer', 'aria-labelledby': 'question'},
    element('h1', {id: 'question'}, report.question),
    element('p', {className: 'answer'}, report.answer),
    emissions_table(own_view(report), open_chain),
    element(
      'p',
      {className: 'hint'},
      `Stop rule: ${report.stop_rule}. Beneath each number stands its band. A cell opens its chain from work to grams.`,
    ),
    notes_list(missed_notes(report.table)),
    element('div', {className: 'panels'}, alike_panel(report.table), influences_panel(report)),
    notes_list(report.notes),
  );
}
