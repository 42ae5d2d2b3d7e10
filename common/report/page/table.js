// The emissions table, and the chain of a cell.

// What is read out of a cell's button, where its number stands without its row and column.
function cell_label(cell, country, heading) {
  const [number, band] = cell_texts(cell);
  const result = cell.words ?? `${number} g${band ? `, from ${spoken(band)}` : ''}`;
  return `${country.name}, ${heading}: ${result}. Show its chain`;
}

function cell_button(cell, country, heading, open) {
  const [number, band] = cell_texts(cell);
  const button = element(
    'button',
    {type: 'button', className: 'cell', 'aria-label': cell_label(cell, country, heading)},
    element('span', {className: cell.words ? 'words' : 'number'}, number),
    element('span', {className: 'band'}, band),
  );
  button.addEventListener('click', open);
  return element('td', {}, button);
}

function country_row(view, row, open) {
  const country = view.countries[row];
  const has_band = view.cells[row].some(cell => cell_texts(cell)[1] !== '');
  return element(
    'tr',
    {},
    element('th', {scope: 'row'}, country.name, has_band ? element('span', {className: 'band'}, 'low-high') : null),
    ...view.columns.map((column, index) =>
      cell_button(view.cells[row][index], country, column.heading, () => open(country, column)),
    ),
  );
}

// `open` is called with the country and the column of the cell whose chain is wanted.
function emissions_table(view, open) {
  const heads = ['gCO2e', ...view.columns.map(column => element('span', {}, ...heading_parts(column.heading)))];
  const table = element(
    'table',
    {className: 'emissions'},
    element('thead', {}, row_of('th', heads)),
    element('tbody', {}, ...view.countries.map((_, row) => country_row(view, row, open))),
  );
  return scroll_box('Grams of CO2e by country and training', table);
}

function chain_panel() {
  const heading = element('h2', {id: 'chain-heading'});
  const text = element('pre', {tabIndex: 0, 'aria-label': 'chain'});
  const close = element('button', {type: 'button'}, 'Close');
  const panel = element(
    'dialog',
    {id: 'chain', 'aria-labelledby': 'chain-heading'},
    element('div', {className: 'panel-head'}, heading, close),
    text,
  );
  close.addEventListener('click', () => panel.close());
  return {
    panel,
    show: (title, chain) => {
      heading.textContent = title;
      text.textContent = chain;
      panel.showModal();
    },
  };
}

const no_chain = 'The chain of this cell is not in this page. `fedgram explain` prints it.';
