// The page of a run that goes on. What is new comes from the process that serves it, piece by piece.

const report = JSON.parse(document.getElementById('data').textContent);
const least_redraw_ms = 1000;

const no_rounds = () => ({
  round: [],
  test_accuracy: [],
  virtual_seconds: [],
  joules: [],
  device_joules: [],
  network_joules: [],
  gco2e: [],
});

// Where it stands --------------------------------------------------------------------------------------------------

function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 90 * 60 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function rate(rounds_per_second) {
  return rounds_per_second >= 1
    ? `${significant(rounds_per_second, 2)} rounds/s`
    : `${significant(1 / rounds_per_second, 2)} s/round`;
}

const state_words = {
  starting: 'The run is starting.',
  running: 'The run goes on.',
  whole: 'The run is over.',
  interrupted: 'The run was stopped; fedgram run --resume goes on with it.',
  failed: 'The run has ended without its end: it failed or was killed; fedgram run --resume goes on with it.',
};

function progress_words({training, rounds, most_rounds, rounds_per_second, most_seconds_left}) {
  const {kind} = report.trainings.find(({label}) => label === training) ?? {};
  return [
    `${training}: ${rounds} of ${most_rounds} ${kind === 'centralized' ? 'evaluations' : 'rounds'} are done`,
    rounds_per_second ? rate(rounds_per_second) : null,
    is_known(most_seconds_left) ? `at most ${duration(most_seconds_left)} left` : null,
  ]
    .filter(Boolean)
    .join(', ');
}

const node_states = [
  ['training', 'at work'],
  ['waiting', 'waiting'],
  ['delivered', 'delivered'],
  ['lost', 'lost'],
];

function bar(label, value, max) {
  return element(
    'label',
    {className: 'control bar'},
    element('span', {}, label),
    element('progress', {value, max, 'aria-label': label}),
  );
}

function progress_parts({state, progress}) {
  const words = element('p', {className: 'answer'}, state_words[state] ?? state);
  if (!progress || state !== 'running') return [words];
  const {nodes, rounds, of_round, most_rounds} = progress;
  return [
    words,
    element('p', {}, progress_words(progress)),
    bar('training', rounds + of_round, most_rounds),
    bar('round', of_round, 1),
    nodes
      ? element(
          'ul',
          {className: 'plain states', 'aria-label': 'nodes of this round'},
          ...node_states.map(([key, name]) => element('li', {}, `${name}: ${nodes[key]}`)),
        )
      : null,
  ].filter(Boolean);
}

// So far -----------------------------------------------------------------------------------------------------------

const training_words = {
  waiting: 'to come',
  running: 'goes on',
  unfinished: 'unfinished',
  target: 'target reached',
  limit: 'limit reached',
  interrupted: 'stopped',
  diverged: 'diverged',
};

const last = values => values.findLast(is_known);

function so_far_texts({label, rounds}, {state, refused_updates}) {
  return [
    label,
    training_words[state] ?? state,
    String(last(rounds.round) ?? 0),
    known(last(rounds.test_accuracy), percent),
    known(rounds.joules.at(-1), kilojoules),
    known(rounds.gco2e.at(-1), significant),
    known(rounds.virtual_seconds.at(-1), significant),
    String(refused_updates),
  ];
}

function so_far_table() {
  const heads = [
    'training',
    'state',
    'rounds, or evaluations',
    accuracy_name(),
    'energy, kJ',
    `gCO2e (${report.country})`,
    'virtual time, s',
    'refused updates',
  ];
  return text_table(
    heads,
    report.trainings.map(({label}) => [label, ...heads.slice(1).map(() => '')]),
  );
}

// Cell by cell, so that whoever reads or scrolls there isn't thrown out.
function fill_so_far(table, trainings) {
  report.trainings.forEach((training, row) =>
    so_far_texts(training, trainings[row]).forEach((text, column) => {
      const cell = table.tBodies[0].rows[row].cells[column];
      if (cell.textContent !== text) cell.textContent = text;
    }),
  );
}

const spent_parts = [
  ['device_joules', 'devices'],
  ['network_joules', 'network'],
];
const spent = ({rounds}, key) => rounds[key].at(-1) ?? 0;

function spent_chart() {
  const view = () => ({columns: report.trainings.map(training => ({...training, heading: training.label}))});
  return new Chart('Energy so far, as each training’s first column of the table has it: devices, with PUE or waiting, and network.', {
    option: width =>
      stacked_option({
        view: view(),
        parts: spent_parts,
        title: 'energy, kJ',
        width,
        value: (training, key) => spent(training, key) / 1000,
        text: (training, key) => `${kilojoules(spent(training, key))} kJ`,
      }),
    rows: () => ({
      heads: ['training', ...spent_parts.map(([, name]) => `${name}, kJ`)],
      rows: report.trainings.map(training => [
        training.label,
        ...spent_parts.map(([key]) => kilojoules(spent(training, key))),
      ]),
    }),
  });
}

// Events -----------------------------------------------------------------------------------------------------------

function event_parts({events, event_count, lost_clients}) {
  const older = event_count - events.length;
  return [
    element('p', {className: 'hint'}, `events: ${event_count}; clients that were lost: ${lost_clients}`),
    element('ul', {className: 'notes'}, ...events.toReversed().map(text => element('li', {}, text))),
    older > 0 ? element('p', {className: 'hint'}, `and ${older} earlier ones, in events.jsonl`) : null,
  ].filter(Boolean);
}

// The page ---------------------------------------------------------------------------------------------------------

const connection = element('p', {className: 'hint', role: 'status'}, 'Waiting for the run.');
const progress_box = element('div', {id: 'progress'});
const events_box = element('div', {id: 'events-list'});
let so_far = null;

const clock = () => new Date().toLocaleTimeString();

function begin({trainings, ...rest}) {
  Object.assign(report, rest, {trainings: trainings.map(training => ({...training, rounds: no_rounds()}))});
  document.title = `${report.name}: live`;
  so_far = so_far_table();
  const parts = [
    element(
      'section',
      {id: 'answer', 'aria-label': 'where it stands'},
      element('h1', {}, report.name),
      element('p', {className: 'hint'}, `seed ${report.seed}, in ${report.folder}`),
      connection,
      progress_box,
    ),
    section('so-far', 'So far', scroll_box('So far', so_far)),
    accuracy_section(report, report.country),
    section('energy', 'Energy so far', spent_chart().figure),
    section('events', 'Events', events_box),
  ];
  document.querySelector('main').replaceChildren(...parts);
}

function add_points(pieces) {
  for (const {training, rounds} of pieces)
    for (const [key, values] of Object.entries(rounds)) report.trainings[training].rounds[key].push(...values);
}

let redraw = null;
function redraw_soon() {
  redraw ??= setTimeout(() => {
    redraw = null;
    update_charts();
  }, least_redraw_ms);
}

function show_state(state) {
  progress_box.replaceChildren(...progress_parts(state));
  fill_so_far(so_far, state.trainings);
  events_box.replaceChildren(...event_parts(state));
}

// What stands there is of the past once nobody tells more.
function show_connection(text) {
  connection.textContent = text;
  document.querySelector('main').classList.toggle('stale', text !== '');
}

function follow() {
  const source = new EventSource('events');
  const on = (name, act) => source.addEventListener(name, ({data}) => act(JSON.parse(data)));
  on('start', begin);
  on('points', pieces => {
    add_points(pieces);
    redraw_soon();
  });
  on('state', state => {
    show_state(state);
    show_connection('');
  });
  on('end', why => {
    source.close();
    show_connection(`${why} What stands here is as of ${clock()}.`);
  });
  source.addEventListener('error', () => {
    if (!document.querySelector('.stale'))
      show_connection(`The process that follows the run does not answer. What stands here is as of ${clock()}.`);
  });
}

show_page([], `Served by Fedgram ${report.fedgram}.`, connection);
follow();
