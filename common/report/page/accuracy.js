// Accuracy of each training: on the way to the target, and by node.

// On the way to the target -----------------------------------------------------------------------------------------

function progress_points({rounds}, key) {
  return rounds[key]
    .map((x, index) => [x, rounds.test_accuracy[index]])
    .filter(([x, accuracy]) => is_known(x) && is_known(accuracy))
    .map(([x, accuracy]) => [x, 100 * accuracy]);
}

function progress_rows(trainings) {
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
    heads: ['training', 'round', accuracy_name(), 'virtual time, s', 'energy, J', 'gCO2e, g'],
    rows: trainings.flatMap(training => training.rounds.round.map((_, index) => row(training, index))),
  };
}

// `country` is that of the grams.
function accuracy_section({trainings, target_accuracy: target}, country) {
  const option = (axis, width) =>
    progress_option({
      all: trainings.map(training => ({name: training.label, points: progress_points(training, axis.key)})),
      targets: target === null ? [] : [target],
      axis,
      width,
      series: ({name, points}, index) => curve(name, index, points),
    });
  const caption = `Test accuracy${target === null ? '' : ' on the way to the target'}, a curve for each training.`;
  return progress_section({caption, axes: progress_axes(country), option, rows: () => progress_rows(trainings)});
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
