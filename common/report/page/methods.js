// What each federated training's updates and methods cost, in the table's first country: the text table's rows.

const kilobytes = bytes => known(bytes, value => significant(value / 1000));

function method_texts({nodes, coordinator}) {
  return [
    significant(100 * nodes.flops_share),
    significant(100 * nodes.memory_share),
    significant(coordinator.flops / 1e6),
  ];
}

function times_text({ratio, low, high}) {
  const band = band_text(low, high);
  return banded(ratio, low, high) + (band === '' ? '' : ` (${band})`);
}

const has_privacy = ({methods}) => methods.some(({privacy}) => privacy);

// Of the methods that are protocols.
function message_words({methods}) {
  const tenth = value => String(Math.round(10 * value) / 10);
  const trainings = methods.flatMap(({training, methods: own}) =>
    own
      .filter(({messages}) => messages)
      .map(({messages}) => `${training} ${tenth(messages.up_per_round)} up and ${tenth(messages.down_per_round)} down`),
  );
  return trainings.length === 0 ? [] : [`Messages of secure aggregation a round, beside the model: ${trainings.join(', ')}.`];
}

// What is assumed stands behind the last of those in a row that assume it.
function privacy_words({methods}) {
  const spent = methods.filter(({privacy}) => privacy);
  const words = spent.map(({training, cohort, privacy: {delta, accountant, noise_multiplier, clip, assumptions}}, index) => {
    const is_last = spent[index + 1]?.privacy.assumptions !== assumptions;
    const noise = `a noise multiplier of ${significant(noise_multiplier)}, a clip of ${significant(clip)} at the end`;
    const nodes = cohort
      ? `, cohorts of ${significant(cohort.mean)} nodes with a deviation of ${significant(cohort.deviation)}: Work varies by ${significant(100 * cohort.work_deviation)} %`
      : '';
    return `${training}: at delta ${delta} (${accountant}), with ${noise}${nodes}.${is_last ? ` ${assumptions}` : ''}`;
  });
  const draws = spent.some(({cohort}) => cohort)
    ? ['A cohort is a Poisson draw of mean n with deviation √(n (1 − q)); over all rounds Work varies by that over n √rounds, one deviation, which no band has.']
    : [];
  return words.length === 0 ? [] : ['Epsilon is what has been spent.', ...words, ...draws];
}

// A row for the training, and one more for each method beyond its first.
function methods_rows(table, row) {
  const [first, ...others] = row.methods;
  const [grams] = cell_texts(own_cell(cell_of(table, row.country, row.column)));
  const against = row.against_fedavg;
  const whole = [
    kilobytes(row.bytes_up_per_update),
    kilobytes(row.bytes_down_per_update),
    String(row.rounds),
    ...(has_privacy(table) ? [known(row.privacy, ({epsilon}) => significant(epsilon))] : []),
    grams,
    known(against, ({training}) => training),
    known(against, times_text),
  ];
  return [
    [row.training, row.what, ...(first ? method_texts(first) : ['-', '-', '-']), ...whole],
    ...others.map(method => ['', method.what, ...method_texts(method), ...whole.map(() => '')]),
  ];
}

function methods_section({table, target_accuracy: target}) {
  if (!table.methods) return null;
  const [country] = own_countries(table);
  const extra = ['extra FLOPs, %', 'extra memory, %', 'coordinator MFLOP'];
  const epsilon = has_privacy(table) ? ['epsilon'] : [];
  const heads = ['training', 'method', ...extra, 'kB up', 'kB down', 'rounds', ...epsilon, `gCO2e ${country.iso3}`];
  const rows = table.methods.flatMap(row => methods_rows(table, row));
  const hints = [
    'Extra: what a method adds at the nodes, of all that they compute, and move in memory, for updates in the model. The coordinator’s work is in no cell. kB (1000 bytes): of an update, mean.',
    `Times: grams in ${country.name} over those of the one training of the run that is plain FedAvg and set up alike in all else.`,
    ...(target === null ? ['Without a target that is what they spent, whatever accuracy they came to.'] : []),
    ...message_words(table),
    ...privacy_words(table),
  ];
  return section(
    'methods',
    'Federated methods',
    scroll_box('Federated methods', text_table([...heads, 'against', 'times'], rows)),
    element('p', {className: 'hint'}, hints.join(' ')),
  );
}
