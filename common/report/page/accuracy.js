// Curves, one for each training: accuracy on the way to the target, and accuracy by node.

const most_marks = 12; // shapes on a curve: enough to tell it, few enough for long runs

// A line, and over it some shapes under the same name: an element for each of 1,500 points would be slow.
function curve(name, index, points) {
  const style = {color: series_color(index)};
  const every = Math.max(1, Math.ceil(points.length / most_marks));
  const is_marked = (_, at) => at % every === 0 || at === points.length - 1;
  return [
    {
      id: `curve ${index}`,
      name,
      type: 'line',
      data: points,
      showSymbol: false,
      symbol: shape(index),
      symbolSize: 8,
      itemStyle: style,
      lineStyle: {...style, width: 2, type: dashes(index)},
    },
    {
      name,
      type: 'scatter',
      data: points.filter(is_marked),
      symbol: shape(index),
      symbolSize: 9,
      itemStyle: {...style, opacity: 1},
      silent: true,
    },
  ];
}

function curves_option({names, x_title, x_more, y_title, series, width}) {
  const top = legend_height(names, width);
  return {
    height: top + title_height + 300 + axis_height,
    legend: legend(names),
    grid: grid(top),
    xAxis: x_axis(x_title, {min: 0, ...x_more}),
    yAxis: y_axis(y_title, {scale: true}),
    series,
  };
}

// `place` says where on the x axis: "round 3".
const curve_tooltip = place => ({
  ...tooltip_style(),
  trigger: 'axis',
  axisPointer: {type: 'line', animation: false, lineStyle: {color: palette().muted}},
  formatter: hits =>
    lines(
      ...hits
        .filter(hit => hit.seriesId.startsWith('curve'))
        .map(({seriesName, value: [x, y]}) => `${seriesName}: ${percent(y / 100)} at ${place(x)}`),
    ),
});

// On the way to the target -----------------------------------------------------------------------------------------

function progress_axes(country) {
  return [
    {key: 'round', name: 'rounds', title: 'round (centralized: evaluation)', place: x => `round ${x}`},
    {key: 'virtual_seconds', name: 'virtual time', title: 'virtual time, s', place: x => `${significant(x)} s`},
    {key: 'joules', name: 'joules', title: 'energy of devices and network, J', place: x => `${significant(x)} J`},
    {key: 'gco2e', name: 'grams', title: `gCO2e in ${country}, g`, place: x => `${significant(x)} g`},
  ];
}

function progress_points({rounds}, key) {
  return rounds[key]
    .map((x, index) => [x, rounds.test_accuracy[index]])
    .filter(([x, accuracy]) => is_known(x) && is_known(accuracy))
    .map(([x, accuracy]) => [x, 100 * accuracy]);
}

const dashed_icon = 'path://M0,5h10v2h-10z M16,5h10v2h-10z';

// A curve like the others, so that the axis reaches to it.
function target_series(name, target, end) {
  const {ink} = palette();
  return {
    name,
    type: 'line',
    data: [
      [0, 100 * target],
      [end, 100 * target],
    ],
    showSymbol: false,
    symbol: 'none',
    silent: true,
    itemStyle: {color: ink},
    lineStyle: {color: ink, type: [10, 5], width: 1.5},
  };
}

function progress_option(report, axis, width) {
  const {trainings, target_accuracy: target} = report;
  const points = trainings.map(training => progress_points(training, axis.key));
  const names = trainings.map(training => training.label);
  const series = points.flatMap((curve_points, index) => curve(names[index], index, curve_points));
  if (target !== null) {
    const name = `target, ${percent(target)}`;
    names.push({name, icon: dashed_icon});
    series.push(
      target_series(
        name,
        target,
        points.flat().reduce((end, [x]) => Math.max(end, x), 0),
      ),
    );
  }
  return {
    ...curves_option({names, x_title: axis.title, y_title: 'test accuracy, %', width, series}),
    tooltip: curve_tooltip(axis.place),
  };
}

function progress_rows(report) {
  const row = ({label, rounds}, index) =>
    [
      label,
      rounds.round[index],
      known(rounds.test_accuracy[index], percent),
      known(rounds.virtual_seconds[index], significant),
      known(rounds.joules[index], significant),
      known(rounds.gco2e[index], significant),
    ].map(String);
  return {
    heads: ['training', 'round', 'test accuracy', 'virtual time, s', 'energy, J', 'gCO2e, g'],
    rows: report.trainings.flatMap(training => training.rounds.round.map((_, index) => row(training, index))),
  };
}

// `country` is that of the grams.
function accuracy_section(report, country) {
  const axes = progress_axes(country);
  let axis = axes[0];
  const chart = new Chart('Test accuracy on the way to the target, a curve for each training.', {
    option: width => progress_option(report, axis, width),
    rows: () => progress_rows(report),
  });
  const choice = select(
    'Against',
    axes.map(({key, name}) => [key, name]),
    axis.key,
    key => {
      axis = axes.find(other => other.key === key);
      chart.update();
    },
  );
  return section('accuracy', 'Accuracy', element('div', {className: 'controls'}, choice), chart.figure);
}

// By node ----------------------------------------------------------------------------------------------------------

// The share of nodes that are no better than this one, in percent.
const rank = (index, count) => (100 * (index + 1)) / count;

function node_points({node_test: {accuracies}}) {
  return accuracies.map((accuracy, index) => [rank(index, accuracies.length), 100 * accuracy]);
}

function node_option(trainings, width) {
  const option = curves_option({
    names: trainings.map(training => training.label),
    width,
    x_more: {max: 100},
    x_title: 'nodes, from the worst on, %',
    y_title: 'accuracy on the node’s own test data, %',
    series: trainings.flatMap((training, index) => curve(training.label, index, node_points(training))),
  });
  return {...option, tooltip: curve_tooltip(x => `${significant(x)} % of the nodes`)};
}

function node_rows(trainings) {
  return {
    heads: ['training', 'nodes, from the worst on, %', 'accuracy'],
    rows: trainings.flatMap(({label, node_test: {accuracies}}) =>
      accuracies.map((accuracy, index) => [label, significant(rank(index, accuracies.length)), percent(accuracy)]),
    ),
  };
}

function node_summary({label, node_test: {mean_accuracy, worst_tenth_accuracy}}) {
  return `${label}: mean ${known(mean_accuracy, percent)}, worst tenth ${known(worst_tenth_accuracy, percent)}`;
}

// Nothing where no training was tested by node.
function nodes_section(report) {
  const trainings = report.trainings.filter(training => training.node_test);
  if (trainings.length === 0) return null;
  const chart = new Chart('Accuracy by node, the nodes in ascending order.', {
    option: width => node_option(trainings, width),
    rows: () => node_rows(trainings),
  });
  return section('nodes', 'Accuracy by node', notes_list(trainings.map(node_summary)), chart.figure);
}
