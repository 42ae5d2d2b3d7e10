// Parallel coordinates: a line for each setting through its keys, its accuracy and its grams.

// The keys of the plan: a setting is a mean over the seeds.
const key_axes = ({axes}) => axes.filter(({key}) => key !== 'seed');

const line_values = setting => [...setting.values, 100 * setting.best_test_accuracy.mean, setting.spent_gco2e.mean];

// A text that lines run behind.
const on_lines = () => ({backgroundColor: palette().ground, padding: [1, 2]});

function parallel_axes(report, is_narrow) {
  const {axisLabel, nameTextStyle, ...style} = axis_style();
  const name_place = is_narrow ? {nameLocation: 'start', nameGap: 0} : {nameLocation: 'end', nameGap: 14};
  const lifted = is_narrow ? {align: 'left', verticalAlign: 'bottom', padding: [0, 0, 8, 0]} : {};
  const axis = (dim, name, {label, ...more}) => ({
    dim,
    name,
    ...style,
    ...name_place,
    nameTextStyle: {...nameTextStyle, ...on_lines(), ...lifted},
    axisLabel: {...axisLabel, ...on_lines(), ...label},
    ...more,
  });
  const keys = key_axes(report);
  const number = {type: 'value', scale: true, label: {formatter: value => tick(value)}};
  return [
    ...keys.map(({name, values}, dim) => axis(dim, name, {type: 'category', data: values})),
    axis(keys.length, 'best accuracy, %', number),
    axis(keys.length + 1, 'gCO2e, g', number),
  ];
}

// A series for each value of the first key, so that lines are told apart.
function lines_series(report, settings) {
  const [first] = key_axes(report);
  const values = first?.values ?? [''];
  return values.map((value, index) => {
    const own = settings.filter(setting => !first || setting.values[0] === index);
    const color = series_color(index);
    return {
      name: first ? `${first.name} ${value}` : 'settings',
      type: 'parallel',
      smooth: false,
      lineStyle: {color, opacity: 1, type: dashes(index)},
      itemStyle: {color},
      emphasis: {lineStyle: {width: 5}},
      data: own.map(setting => ({
        value: line_values(setting),
        lineStyle: {width: has_missed(setting) ? 0.7 : 2},
      })),
      tooltip: {formatter: ({dataIndex}) => front_lines(own[dataIndex])},
    };
  });
}

function lines_option(report, chosen, width) {
  const series = lines_series(
    report,
    report.settings.filter(({training}) => training === chosen),
  );
  const names = series.map(({name}) => name);
  const top = legend_height(names, width);
  const count = key_axes(report).length + 2;
  const is_narrow = width < 120 * count;
  // Where axes would be too near each other, they lie one beneath the other.
  const layout = is_narrow
    ? {layout: 'vertical', left: 16, right: 24, top: top + 34, bottom: 24}
    : {layout: 'horizontal', left: 70, right: 70, top: top + 34, bottom: 16};
  return {
    height: top + (is_narrow ? 70 * count : 340),
    legend: legend(names),
    parallel: layout,
    parallelAxis: parallel_axes(report, is_narrow),
    series,
  };
}

function lines_rows(report, chosen) {
  const keys = key_axes(report);
  return {
    heads: [...keys.map(({name}) => name), `best ${accuracy_name()}`, 'gCO2e spent, g', 'reached'],
    rows: report.settings
      .filter(({training}) => training === chosen)
      .map(setting => [
        ...keys.map(({values}, at) => values[setting.values[at]]),
        percent(setting.best_test_accuracy.mean),
        significant(setting.spent_gco2e.mean),
        `${setting.reached} of ${setting.runs}`,
      ]),
  };
}

function sweep_lines_section(report) {
  const {trainings} = report;
  let chosen = trainings[trainings.length - 1];
  const chart = new Chart(
    'A line for each setting of a training, the mean over its seeds. Thin: the target was missed in some of its runs.',
    {
      option: width => lines_option(report, chosen, width),
      rows: () => lines_rows(report, chosen),
    },
  );
  const choose = select(
    'Training',
    trainings.map(name => [name, name]),
    chosen,
    name => {
      chosen = name;
      chart.update();
    },
  );
  const controls = trainings.length > 1 ? element('div', {className: 'controls'}, choose) : null;
  return section('lines', 'All keys at once', controls, chart.figure);
}
