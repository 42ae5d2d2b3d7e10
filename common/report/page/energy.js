// Stacked bars, a row for each column of the table: energy by phase, and where the time goes.

function stacked_option({view, parts, value, text, title, width, max}) {
  const rows = view.columns.map(column => column.heading);
  const names = parts.map(([, name]) => name);
  const top = legend_height(names, width);
  return {
    height: top + title_height + rows.length * row_height(rows, width, 34) + axis_height,
    legend: legend(names),
    grid: grid(top),
    xAxis: x_axis(title, {max}),
    yAxis: row_axis('training', rows, width),
    series: parts.map(([key, name], index) => ({
      name,
      type: 'bar',
      stack: 'all',
      barMaxWidth: 24,
      itemStyle: bar_style(index),
      data: view.columns.map(column => value(column, key)),
      tooltip: {formatter: ({dataIndex}) => lines(rows[dataIndex], `${name}: ${text(view.columns[dataIndex], key)}`)},
    })),
  };
}

// Energy -----------------------------------------------------------------------------------------------------------

const energy_parts = [
  ['train', 'train'],
  ['download', 'download'],
  ['upload', 'upload'],
  ['waiting', 'waiting'],
  ['overhead', 'PUE overhead'],
  ['network', 'network'],
];

const kilojoules = joules => significant(joules / 1000);

function energy_rows(view) {
  return {
    heads: ['training', ...energy_parts.map(([, name]) => `${name}, kJ`), 'sum, kJ'],
    rows: view.columns.map(({heading, energy}) => [
      heading,
      ...energy_parts.map(([key]) => kilojoules(energy[key])),
      kilojoules(sum(Object.values(energy))),
    ]),
  };
}

function energy_section(view_now) {
  const chart = new Chart(
    'Energy of each training by phase. The overhead is what PUE adds to a data centre’s devices.',
    {
      option: width =>
        stacked_option({
          view: view_now(),
          parts: energy_parts,
          title: 'energy, kJ',
          width,
          value: ({energy}, key) => energy[key] / 1000,
          text: ({energy}, key) => `${kilojoules(energy[key])} kJ`,
        }),
      rows: () => energy_rows(view_now()),
    },
  );
  return section('energy', 'Energy by phase', chart.figure);
}

// Time -------------------------------------------------------------------------------------------------------------

const time_parts = [
  ['busy_seconds', 'training'],
  ['waiting_seconds', 'waiting'],
  ['transfer_seconds', 'transfer'],
];

// Device time doesn't change with PUE, so each training on a device is one row.
function time_view(report, view) {
  const found = view.columns.flatMap(column =>
    report.pricing.columns.filter(source => source.training === column.training && source.device === column.device),
  );
  const columns = [...new Set(found)].map(source => ({
    ...source,
    heading: `${report.trainings[source.training].label}, ${source.device}`,
    device_seconds: sum(time_parts.map(([key]) => source[key])),
  }));
  return {columns};
}

const share_of_time = (column, key) => (column.device_seconds > 0 ? (100 * column[key]) / column.device_seconds : 0);

function time_rows(view) {
  return {
    heads: ['training', ...time_parts.map(([, name]) => `${name}, device s`), 'virtual time, s'],
    rows: view.columns.map(column => [
      column.heading,
      ...time_parts.map(([key]) => significant(column[key])),
      significant(column.virtual_seconds),
    ]),
  };
}

function time_section(report, view_now) {
  const chart = new Chart(
    'What the time of all of a training’s devices goes to: computing, waiting for the others, sending and receiving.',
    {
      option: width =>
        stacked_option({
          view: time_view(report, view_now()),
          parts: time_parts,
          title: 'share of device time, %',
          width,
          max: 100,
          value: share_of_time,
          text: (column, key) => `${significant(column[key])} s, ${significant(share_of_time(column, key))} %`,
        }),
      rows: () => time_rows(time_view(report, view_now())),
    },
  );
  return section('time', 'Where the time goes', chart.figure);
}
