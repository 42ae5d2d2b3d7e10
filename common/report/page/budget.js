// What all runs have spent, those that failed or were interrupted too; and each run by itself.

const budget_row = (name, seed, state, spent) => [
  name,
  seed,
  state,
  String(spent.samples),
  significant(spent.flops / 1e12),
  significant(spent.device_hours),
  significant(spent.joules / 1000),
  significant(spent.kwh),
  known(spent.host_cpu_seconds, significant),
];

function budget_section({budget}) {
  const heads = ['run', 'seed', 'state', 'samples', 'TFLOP', 'device h', 'kJ', 'kWh', 'host CPU s'];
  const rows = budget.runs.map(run => budget_row(run.run, String(run.seed), run.state, run));
  const sum_row = budget_row('sum', '', '', budget.sum);
  return section(
    'budget',
    'Budget over all runs',
    scroll_box('Budget over all runs', text_table(heads, [...rows, sum_row])),
    notes_list(budget.notes),
  );
}

function runs_section({runs}) {
  const row = ({run, seed, setting, state, machine}) => [
    run,
    String(seed),
    setting || '-',
    state,
    machine?.cpu_model ?? 'unknown',
    machine?.engine ?? 'unknown',
    machine?.fedgram ?? 'unknown',
  ];
  const heads = ['run', 'seed', 'setting', 'state', 'processor', 'engine', 'Fedgram'];
  return section(
    'runs',
    'The runs',
    scroll_box('The runs', text_table(heads, runs.map(row))),
    element('p', {className: 'hint'}, 'The machines simulated; what they drew themselves is in no number above.'),
  );
}
