// Accuracy against what it took: a point for each setting of each training, and the front of those that no other beats.

const any_training = 'all';

// On a logarithmic axis 0 g has the place of the power of ten beneath all others.
function grams_scale(settings) {
  const grams = settings.map(({spent_gco2e: {mean}}) => mean);
  const floor = log_floor(grams);
  return grams.some(value => value <= 0) ? {floor: floor / 10, zero: floor / 10} : {floor, zero: null};
}

const has_missed = ({reached, runs}) => reached < runs;

function front_point(setting, index, zero) {
  const {ground} = palette();
  const color = series_color(index);
  const grams = setting.spent_gco2e.mean;
  return {
    value: [grams > 0 ? grams : zero, 100 * setting.best_test_accuracy.mean],
    itemStyle: has_missed(setting) ? {color: ground, borderColor: color, borderWidth: 2} : {color, borderColor: ground},
  };
}

const front_lines = setting =>
  lines(
    `${setting.training}, ${setting.name}`,
    `best accuracy ${percent(setting.best_test_accuracy.mean)} for ${significant(setting.spent_gco2e.mean)} g`,
    has_missed(setting) ? `the target reached in ${runs_text(setting)}` : runs_text(setting),
  );

function points_series(settings, training, index, zero) {
  const own = settings.filter(setting => setting.training === training);
  return {
    name: training,
    type: 'scatter',
    symbol: ['circle', 'rect', 'triangle', 'diamond'][index % 4],
    symbolSize: 11,
    itemStyle: {color: series_color(index), opacity: 1},
    data: own.map(setting => front_point(setting, index, zero)),
    tooltip: {formatter: ({dataIndex}) => front_lines(own[dataIndex])},
    z: 5,
  };
}

const front_name = 'Pareto front';

// For each amount of grams the best accuracy that there is.
function front_series(settings, chosen, zero) {
  const {ink} = palette();
  const front = settings
    .filter(({front: of_all, own_front}) => (chosen === any_training ? of_all : own_front))
    .map(({spent_gco2e: {mean}, best_test_accuracy}) => [mean > 0 ? mean : zero, 100 * best_test_accuracy.mean])
    .sort(([one], [other]) => one - other);
  return {
    name: front_name,
    type: 'line',
    step: 'end',
    data: front,
    symbol: 'circle',
    symbolSize: 19,
    showAllSymbol: true,
    itemStyle: {color: 'transparent', borderColor: ink, borderWidth: 1.5},
    lineStyle: {color: ink, width: 1.5, type: [10, 5]},
    silent: true,
    z: 3,
  };
}

function front_option(report, chosen, width) {
  const trainings = report.trainings.filter(training => chosen === any_training || training === chosen);
  const settings = report.settings.filter(({training}) => trainings.includes(training));
  const {floor, zero} = grams_scale(settings);
  const names = [...trainings, front_name];
  const top = legend_height(names, width);
  const label = value => (value === zero ? '0' : tick(value));
  return {
    height: top + title_height + 300 + axis_height,
    legend: legend(names),
    grid: grid(top),
    xAxis: x_axis(`gCO2e spent in ${report.country}, g (logarithmic)`, {
      type: 'log',
      min: floor,
      axisLabel: {formatter: label, margin: 12},
    }),
    yAxis: y_axis(`best ${accuracy_name()}, %`, {scale: true}),
    series: [
      ...trainings.map(training => points_series(settings, training, report.trainings.indexOf(training), zero)),
      front_series(settings, chosen, zero),
    ],
  };
}

// Of a setting all of whose runs got there.
const interval_text = interval => (interval ? `${significant(Math.max(0, interval.low))} to ${significant(interval.high)}` : '-');

function front_rows(report, chosen) {
  const shown = report.settings.filter(({training}) => chosen === any_training || training === chosen);
  const [, accuracy, rounds, time] = measures;
  return {
    heads: [
      'training',
      'setting',
      'gCO2e spent, g',
      `best ${accuracy_name()}`,
      'rounds',
      'virtual time',
      'reached',
      'front',
      '95 % CI of the grams to the target, g',
    ],
    rows: shown.map(setting => [
      setting.training,
      setting.name,
      mean_text(setting.spent_gco2e.mean, setting.spent_gco2e.deviation),
      measure_mean(accuracy, setting),
      measure_mean(rounds, setting),
      measure_mean(time, setting),
      `${setting.reached} of ${setting.runs}`,
      (chosen === any_training ? setting.front : setting.own_front) ? 'on it' : '',
      interval_text(setting.to_target_gco2e.confidence_95),
    ]),
  };
}

function sweep_front_section(report) {
  const {trainings} = report;
  let chosen = any_training;
  const chart = new Chart(
    'Mean best accuracy against the mean of what was spent, a point for each setting. Hollow: the target was missed in ' +
      'some of its runs. Ringed: on the front, where no other has more accuracy for fewer grams.',
    {
      option: width => front_option(report, chosen, width),
      rows: () => front_rows(report, chosen),
    },
  );
  const choose = select(
    'Training',
    [any_training, ...trainings].map(name => [name, name]),
    chosen,
    name => {
      chosen = name;
      chart.update();
    },
  );
  const controls = trainings.length > 1 ? element('div', {className: 'controls'}, choose) : null;
  return section('front', 'Accuracy against grams', controls, chart.figure);
}
