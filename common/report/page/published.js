// Our cells beside those of a published table.

const cell_name = ({country, column}) => `${country}: ${column}`;

function published_points(cells, key, name, index, symbol) {
  return {
    name,
    type: 'scatter',
    symbol,
    symbolSize: 11,
    z: 6,
    itemStyle: {color: series_color(index), opacity: 1},
    data: cells.map((cell, row) => [cell[key] > 0 ? cell[key] : '-', row]),
    tooltip: {
      formatter: ({dataIndex}) => lines(cell_name(cells[dataIndex]), `${name}: ${tick(cells[dataIndex][key])} g`),
    },
  };
}

// Our bands, and a mark where one of both is 0 g and so left of a logarithmic axis.
function published_whiskers(table, cells, floor) {
  const render = (params, api) => {
    const row = params.dataIndex;
    const {country, column, ours, published} = cells[row];
    const [start, y] = api.coord([floor, row]);
    const zero = ours === 0 ? 'ours: 0 g' : published === 0 ? 'published: 0 g' : null;
    if (zero) return mark(start, y, zero);
    const cell = cell_of(table, country, column);
    return cell && cell.low_gco2e < cell.high_gco2e
      ? whisker(api, row, Math.max(cell.low_gco2e, floor), cell.high_gco2e, y, 4)
      : null;
  };
  return {
    type: 'custom',
    renderItem: render,
    silent: true,
    data: cells.map((_, row) => [floor, row]),
    encode: {x: 0, y: 1},
  };
}

function published_option(report, width) {
  const {cells} = report.published;
  const names = ['ours, with its band', 'published'];
  const rows = cells.map(cell_name);
  const bands = cells.map(({country, column}) => cell_of(report.table, country, column)?.low_gco2e ?? 0);
  const floor = log_floor([...bands, ...cells.flatMap(cell => [cell.ours, cell.published])]);
  const top = legend_height(names, width);
  return {
    height: top + title_height + rows.length * row_height(rows, width, 22) + axis_height,
    legend: legend(names),
    grid: grid(top),
    xAxis: x_axis('gCO2e, g (logarithmic)', {type: 'log', min: floor}),
    yAxis: {...row_axis('cell', rows, width), splitLine: {show: true, lineStyle: {color: palette().line}}},
    series: [
      published_whiskers(report.table, cells, floor),
      published_points(cells, 'ours', names[0], 0, 'circle'),
      published_points(cells, 'published', names[1], 1, 'diamond'),
    ],
  };
}

function published_rows(report) {
  const ours = cell => {
    const own = cell_of(report.table, cell.country, cell.column);
    return own ? banded(cell.ours, own.low_gco2e, own.high_gco2e) : significant(cell.ours);
  };
  return {
    heads: ['country', 'column', 'ours, g', 'published, g', 'ours / published'],
    rows: report.published.cells.map(cell => [
      cell.country,
      cell.column,
      known(cell.ours, () => ours(cell)),
      tick(cell.published),
      known(cell.ratio, significant),
    ]),
  };
}

// Nothing where there is no published table.
function published_section(report) {
  if (!report.published) return null;
  const chart = new Chart('Our cells beside the published ones.', {
    option: width => published_option(report, width),
    rows: () => published_rows(report),
  });
  return section(
    'published',
    'Beside the published table',
    chart.figure,
    element(
      'p',
      {className: 'hint'},
      `Published: ${report.published.title} `,
      link(report.published.source, report.published.source),
    ),
  );
}
