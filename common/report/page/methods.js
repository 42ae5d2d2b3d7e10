// What each federated training's updates and methods cost, in the table's first country: the text table's rows.

const kilobytes = bytes => known(bytes, value => significant(value / 1000));

function method_texts({what, nodes, coordinator}) {
  return [
    what,
    significant(100 * nodes.flops_share),
    significant(100 * nodes.memory_share),
    significant(coordinator.flops / 1e6),
  ];
}

function times_text({ratio, low, high}) {
  const band = band_text(low, high);
  return banded(ratio, low, high) + (band === '' ? '' : ` (${band})`);
}

// A row for the training, and one more for each method beyond its first.
function methods_rows(table, row) {
  const [first, ...others] = row.methods.map(method_texts);
  const [grams] = cell_texts(own_cell(cell_of(table, row.country, row.column)));
  const against = row.against_fedavg;
  const whole = [
    kilobytes(row.bytes_up_per_update),
    kilobytes(row.bytes_down_per_update),
    String(row.rounds),
    grams,
    known(against, ({training}) => training),
    known(against, times_text),
  ];
  return [
    [row.training, ...(first ?? ['FedAvg', '-', '-', '-']), ...whole],
    ...others.map(texts => ['', ...texts, ...whole.map(() => '')]),
  ];
}

function methods_section({table, target_accuracy: target}) {
  if (!table.methods) return null;
  const [country] = own_countries(table);
  const extra = ['extra FLOPs, %', 'extra memory, %', 'coordinator MFLOP'];
  const heads = ['training', 'method', ...extra, 'kB up', 'kB down', 'rounds', `gCO2e ${country.iso3}`];
  const rows = table.methods.flatMap(row => methods_rows(table, row));
  const hints = [
    'Extra: what a method adds at the nodes, of all that they compute, and move in memory, for updates in the model. The coordinator’s work is in no cell. kB (1000 bytes): of an update, mean.',
    `Times: grams in ${country.name} over those of the one training of the run that is plain FedAvg and set up alike in all else.`,
    ...(target === null ? ['Without a target that is what they spent, whatever accuracy they came to.'] : []),
  ];
  return section(
    'methods',
    'Federated methods',
    scroll_box('Federated methods', text_table([...heads, 'against', 'times'], rows)),
    element('p', {className: 'hint'}, hints.join(' ')),
  );
}
