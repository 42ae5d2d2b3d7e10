// Grams by country and column, with whiskers for the bands.

const bar_room = 20; // pixels of one bar with the space around it

// Of a mean over seeds they stand in the cell.
const cell_lines = cell => {
  if (cell.lines) return cell.lines;
  const [number, band] = cell_texts(cell);
  return cell.words ? [number] : [`${number} g`, band ? `from ${spoken(band)} g` : 'no band'];
};

const has_bar = cell => !cell.words && cell.grams > 0;

// What would be nothing to see: a missed target, and 0 g.
function grams_words(cell) {
  return cell.words ?? (cell.grams === 0 ? '0 g' : null);
}

function bar_series(view, index) {
  const column = view.columns[index];
  return {
    name: column.heading,
    type: 'bar',
    itemStyle: bar_style(index),
    barCategoryGap: '20%',
    barGap: '15%',
    data: view.cells.map(row => (has_bar(row[index]) ? row[index].grams : '-')),
    tooltip: {
      formatter: ({dataIndex}) =>
        lines(`${view.countries[dataIndex].name}, ${column.heading}`, ...cell_lines(view.cells[dataIndex][index])),
    },
  };
}

// Under the bar's name, so that the legend takes both away.
function whisker_series(view, index, floor) {
  const render = (params, api) => {
    const row = params.dataIndex;
    const cell = view.cells[row][index];
    const bars = api.barLayout({count: view.columns.length, barCategoryGap: '20%', barGap: '15%'});
    const [start, middle] = api.coord([floor, row]);
    const y = middle + bars[index].offsetCenter;
    const words = grams_words(cell);
    if (words) return mark(start, y, words);
    return cell.low < cell.high
      ? whisker(api, row, Math.max(cell.low, floor), cell.high, y, bars[index].width / 4)
      : null;
  };
  // The axis reaches to what the whiskers enclose.
  const data = view.cells.map((row, country) => [row[index].high ?? floor, country, row[index].low ?? floor]);
  return {
    name: view.columns[index].heading,
    type: 'custom',
    renderItem: render,
    data,
    silent: true,
    z: 5,
    encode: {x: [0], y: 1},
  };
}

function grams_option(view, scale, width) {
  const names = view.columns.map(column => column.heading);
  const rows = view.countries.map(country => country.name);
  const floor =
    scale === 'log' ? log_floor(view.cells.flat().flatMap(cell => (cell.words ? [] : [cell.low, cell.grams]))) : 0;
  const top = legend_height(names, width);
  const height =
    top + title_height + rows.length * row_height(rows, width, view.columns.length * bar_room + 14) + axis_height;
  return {
    height,
    legend: legend(names),
    grid: grid(top),
    xAxis: x_axis('gCO2e, g', {type: scale, min: floor, startValue: floor}),
    yAxis: row_axis('country', rows, width),
    series: view.columns.flatMap((_, index) => [bar_series(view, index), whisker_series(view, index, floor)]),
  };
}

function grams_rows(view) {
  return {
    heads: ['country', 'column', 'gCO2e, g', 'low-high, g'],
    rows: view.countries.flatMap((country, row) =>
      view.columns.map((column, index) => [country.name, column.heading, ...cell_texts(view.cells[row][index])]),
    ),
  };
}

// `controls` choose what `view_now` gives.
function grams_chart_section(view_now, {caption, rows, controls = []}) {
  let scale = 'value';
  const chart = new Chart(caption, {
    option: width => grams_option(view_now(), scale, width),
    rows: () => rows(view_now()),
  });
  const scales = select(
    'Axis of grams',
    [
      ['value', 'linear'],
      ['log', 'logarithmic'],
    ],
    scale,
    value => {
      scale = value;
      chart.update();
    },
  );
  const choices = element('div', {className: 'controls'}, ...controls, scales);
  return section('grams', 'Grams by country', choices, chart.figure);
}

const grams_section = view_now =>
  grams_chart_section(view_now, {
    caption: 'Grams of CO2e of each training; a whisker is the band.',
    rows: grams_rows,
  });
