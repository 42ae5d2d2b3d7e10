// The rows of sweep.csv: a run's training each, with the run's folder.

const reached_word = ({reached_target, diverged}) =>
  diverged ? 'diverged' : reached_target === null ? 'no target' : reached_target ? 'reached' : 'not reached';

// A key that is the same in all runs is told ahead.
function sweep_columns({keys, axes, rows, country}) {
  const plain_column = (head, value) => ({head, value, text: row => String(value(row))});
  const number_column = (head, value, text = significant) => ({head, value, text: row => known(value(row), text)});
  const has_node_test = rows.some(({node_mean_accuracy}) => is_known(node_mean_accuracy));
  return [
    plain_column('run', row => row.run),
    ...keys
      .map((key, at) => ({name: axes.find(axis => axis.key === key)?.name, at}))
      .filter(({name}) => name)
      .map(({name, at}) => plain_column(name, row => row.values[at])),
    plain_column('seed', row => row.seed),
    plain_column('training', row => row.training),
    plain_column('target', reached_word),
    number_column('best accuracy', row => row.best_test_accuracy, percent),
    number_column('accuracy', row => row.test_accuracy, percent),
    number_column('rounds', row => row.rounds, String),
    number_column('virtual time, s', row => row.virtual_seconds),
    number_column(`gCO2e spent (${country}), g`, row => row.spent_gco2e),
    number_column('low, g', row => row.low_gco2e),
    number_column('high, g', row => row.high_gco2e),
    ...(has_node_test
      ? [
          number_column('mean accuracy of nodes', row => row.node_mean_accuracy, percent),
          number_column('worst tenth of nodes', row => row.node_worst_tenth_accuracy, percent),
        ]
      : []),
  ];
}

function sweep_table_section(report) {
  const table = sortable_table(sweep_columns(report), report.rows);
  const box = scroll_box('Rows of sweep.csv', table);
  box.classList.add('tall');
  return section(
    'rows',
    'Each training of each run',
    element(
      'p',
      {className: 'hint'},
      `As in sweep.csv; folders are those in ${report.folder}. A heading sorts by its column.`,
    ),
    box,
  );
}
