// What levers have made of the models, and what use of them takes: the text table's rows.

const in_thousands = value => significant(value / 1e3);
const in_millions = value => significant(value / 1e6);

function points(change) {
  const text = (100 * change).toFixed(2);
  return change > 0 ? `+${text}` : text;
}

function model_row({label, levers, accuracy_change, one_off_joules, one_off_gco2e, figures}) {
  const {accuracy, stored_bytes, update_bytes, inference} = figures;
  return [
    label,
    levers ?? '-',
    (100 * accuracy).toFixed(2),
    known(accuracy_change, points),
    in_thousands(stored_bytes),
    in_thousands(update_bytes),
    in_millions(inference.float_ops),
    in_millions(inference.int8_ops),
    in_thousands(inference.peak_activation_bytes),
    known(one_off_joules, value => significant(value)),
    known(one_off_gco2e, value => significant(value)),
  ];
}

const answers = request => is_known(request.joules_per_1000);

function joules_text({joules_per_1000: joules, idle_share: idle}) {
  if (!is_known(idle)) return `${significant(joules)} + ?`;
  return `${significant(joules * (1 - idle))} + ${significant(joules * idle)}`;
}

function grams_text({gco2e_per_1000: grams, low_gco2e_per_1000: low, high_gco2e_per_1000: high, idle_share: idle}) {
  const range = band_text(low, high);
  return `${is_known(idle) ? '' : '> '}${banded(grams, low, high)}${range ? ` (${range})` : ''}`;
}

function break_even_text({levers}, {comparable, mixed, break_even_predictions: predictions}) {
  if (!is_known(levers) || !comparable) return '-';
  return (is_known(predictions) ? significant(predictions) : 'never') + (mixed ? '*' : '');
}

// A row for each model, and a column for each device.
function by_device({models}, corner, text_of) {
  const devices = models[0].inference.map(({device, pue}) => (is_known(pue) ? `${device}, PUE ${pue}` : device));
  const rows = models.map(model => [
    model.label,
    ...model.inference.map(request => (answers(request) ? text_of(model, request) : '-')),
  ]);
  return scroll_box(corner, text_table([corner, ...devices], rows));
}

function reductions_section({table, reduction_notes: notes}) {
  const {reductions} = table;
  if (!reductions) return null;
  const {country} = reductions;
  const heads = ['Reduced models', 'levers', 'accuracy, %', 'change', 'file, kB', 'update, kB', 'MFLOP', 'int8 Mop'];
  const hint = text => element('p', {className: 'hint'}, text);
  return section(
    'reductions',
    'Smaller models',
    scroll_box(
      'Smaller models',
      text_table([...heads, 'peak kB', 'one-off J', `gCO2e ${country}`], reductions.models.map(model_row)),
    ),
    hint(notes.models),
    by_device(reductions, 'J per 1000 inferences', (_, request) => joules_text(request)),
    hint(notes.joules),
    by_device(reductions, `gCO2e ${country} per 1000`, (_, request) => grams_text(request)),
    by_device(reductions, 'Pays after', break_even_text),
    hint(notes.break_even),
  );
}
