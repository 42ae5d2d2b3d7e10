// The lives of the run's models, priced anew by the predictions a day and the years that the reader chooses: what
// `fedgram lifecycle` prints.

const most_predictions_per_day = 1e15;
const most_years = 100;

// The unit in which people read a mass (common/text/mass_unit.cpp).
function mass_unit(grams) {
  const size = Math.abs(grams);
  if (size >= 1e7) return {name: 't', per_gram: 1e-6};
  if (size >= 1e4) return {name: 'kg', per_gram: 1e-3};
  if (size >= 0.01 || size === 0) return {name: 'g', per_gram: 1};
  return size >= 1e-5 ? {name: 'mg', per_gram: 1e3} : {name: 'µg', per_gram: 1e6};
}

// Neither all nor nothing is what is merely nearly so.
function share_text(part, whole) {
  if (!(whole > 0)) return '-';
  const text = ((100 * part) / whole).toFixed(1);
  if (part < whole && text === '100.0') return '> 99.9';
  return part > 0 && text === '0.0' ? '< 0.1' : text;
}

function time_text(days) {
  if (days >= 1) return `${significant(days)} days`;
  const hours = days * 24;
  return hours >= 1 ? `${significant(hours)} hours` : `${significant(hours * 3600)} s`;
}

// Of {gco2e, low_gco2e, high_gco2e}: the number with the digits of its band, and the band.
function grams_texts({gco2e, low_gco2e, high_gco2e}, factor = 1) {
  const [value, low, high] = [gco2e * factor, low_gco2e * factor, high_gco2e * factor];
  // Ends that read the same are no band for a reader.
  return [banded(value, low, high), significant(low, 4) === significant(high, 4) ? '-' : band_text(low, high)];
}

// "75 (13-230)" of a unit that has so many to the gram.
function embodied_text({embodied_gco2e, low_embodied_gco2e, high_embodied_gco2e}, per_gram) {
  if (!is_known(embodied_gco2e)) return '-';
  const [value, low, high] = [embodied_gco2e, low_embodied_gco2e, high_embodied_gco2e].map(grams => grams * per_gram);
  const band = band_text(low, high);
  return banded(value, low, high) + (band ? ` (${band})` : '');
}

function part_row(name, spent, whole, unit) {
  return [
    name,
    significant(spent.joules),
    ...grams_texts(spent, unit.per_gram),
    share_text(spent.gco2e, whole.gco2e),
    embodied_text(spent, unit.per_gram),
    known(spent.device_seconds, value => significant(value)),
    significant(spent.electricity_usd),
    known(spent.rent_usd, value => significant(value)),
    significant(spent.usd),
  ];
}

// Its joules aren't known: of its time are its making and its rent.
function unknown_waiting_row(waiting, unit) {
  const rent = known(waiting.rent_usd, value => significant(value));
  const seconds = known(waiting.device_seconds, value => significant(value));
  return ['waiting', '-', '-', '-', '-', embodied_text(waiting, unit.per_gram), seconds, '-', rent, rent];
}

function parts_rows(life) {
  const unit = mass_unit(life.gco2e);
  const heads = ['J', `${unit.name} CO2e`, 'low-high', 'share, %', `embodied, ${unit.name}`, 'device s'];
  return {
    heads: [life.life, ...heads, 'electricity, USD', 'rent, USD', 'to pay, USD'],
    rows: [
      ...life.parts.flatMap(part => [
        part_row(part.stage, part, life, unit),
        ...(part.stage === 'computing' && life.unknown_waiting ? [unknown_waiting_row(life.unknown_waiting, unit)] : []),
      ]),
      part_row(life.lower_bound ? 'in all, more than' : 'in all', life, life, unit),
    ],
  };
}

function inference_sentence(life, plan) {
  const {inference} = life;
  const thousands = plan.predictions / 1000;
  const share = key => share_text(inference[key], life[key]);
  const shares = `${share('joules')} % of the energy and ${share('gco2e')} % of the grams`;
  const each = `${significant(inference.joules / thousands)} J and ${significant(inference.usd / thousands)} USD`;
  const rate = `at ${significant(plan.predictions_per_day / seconds_per_day)} a second`;
  const start = `Inference is ${shares}: 1000 predictions take ${each} ${rate}`;
  if (life.on_clients) return `${start}, on devices that are on anyway.`;
  const waiting = life.parts.find(part => part.stage === 'waiting');
  const waits = waiting
    ? `; ${share_text(waiting.joules, inference.joules)} % of that energy is waiting for the next one`
    : '';
  return `${start} on ${plural(life.devices, 'device')}, at a load of ${share_text(life.load, 1)} %${waits}.`;
}

const formula_rows = life =>
  life.parts.map(part => [
    part.stage,
    `${part.formula} = ${seven_digits(part.joules)} J = ${seven_digits(part.gco2e)} g`,
  ]);

function life_row(life) {
  const accuracy = known(life.accuracy, value => (100 * value).toFixed(2));
  if (!life.possible) return [life.life, accuracy, ...Array(9).fill('-')];
  const bound = life.lower_bound ? '> ' : '';
  const [each, each_band] = grams_texts(life.per_prediction, 1000);
  const [all, band] = grams_texts(life);
  return [
    life.life,
    accuracy,
    grams_texts(life.before_use)[0],
    bound + each,
    each_band,
    bound + all,
    band,
    bound + significant(life.kwh),
    share_text(life.inference.gco2e, life.gco2e),
    embodied_text(life, 1),
    significant(life.usd),
  ];
}

function lives_rows(lives, evaluated_on) {
  const accuracy = evaluated_on === 'test' ? 'accuracy, %' : `${evaluated_on} accuracy, %`;
  const grams = ['before use, g', 'g per 1000', 'low-high', 'in all, g', 'low-high'];
  return {
    heads: ['Lives', accuracy, ...grams, 'in all, kWh', 'inference, %', 'embodied, g', 'to pay, USD'],
    rows: lives.map(life_row),
  };
}

function break_even_sentence(pair, plan) {
  const {greener, other, predictions, low_predictions: low, high_predictions: high} = pair;
  if (predictions === null) {
    const sure = high === 0 ? '' : ' by the likely figures, but not for sure within their bands';
    return `${greener} emits less at any number of predictions than ${other}${sure}.`;
  }
  const has_band = !(high !== null && high <= predictions && low >= predictions);
  const least = low > 0 ? significant(low, 2) : 'any number';
  const band = has_band ? ` (low-high: ${least} to ${high === null ? 'never' : significant(high, 2)})` : '';
  const beyond = predictions > plan.predictions ? ', beyond the plan' : '';
  const from = `from ${significant(predictions)} predictions on${band}`;
  return `${greener} emits less than ${other} ${from}, after ${time_text(pair.days)}${beyond}.`;
}

function share_of_inference_rows(shares, life) {
  const whole = value => (100 * value).toFixed(0);
  return {
    heads: ['Share of inference', '%', 'of what'],
    rows: [
      ['here', share_text(life.inference.joules, life.joules), 'this life’s energy'],
      ...shares.map(({who, low, high, of, note, source}) => [
        who,
        low === high ? whole(low) : `${whole(low)}-${whole(high)}`,
        `${of}: ${note} (${source})`,
      ]),
    ],
  };
}

// What the reader has typed, or nothing where it is no such number.
function number_within(text, most) {
  const value = text.trim() === '' ? NaN : Number(text);
  return value > 0 && value <= most ? value : null;
}

function number_control(id, label, value, changed) {
  const input = element('input', {type: 'text', id, inputMode: 'decimal', size: 12, value: String(value)});
  input.addEventListener('change', () => changed(input));
  return {input, box: element('label', {className: 'control'}, element('span', {}, label), input)};
}

const hint_of = text => element('p', {className: 'hint'}, text);

function table_box({heads, rows}) {
  return scroll_box(heads[0], text_table(heads, rows));
}

// What is shown of the chosen life, and of all of them.
function lifecycle_content(data, choice) {
  const {plan, lives, break_even: pairs} = lives_by(data, choice.predictions_per_day, choice.years * days_per_year);
  const shown = lives.find(life => life.life === choice.life);
  const formulas = element('details', {}, element('summary', {}, 'How it comes about'));
  formulas.append(text_table(['part', 'how'], formula_rows(shown)));
  const straight = pairs.filter(pair => !pair.crosswise);
  return [
    table_box(parts_rows(shown)),
    element('p', {}, inference_sentence(shown, plan)),
    formulas,
    ...(lives.length > 1
      ? [
          table_box(lives_rows(lives, data.evaluated_on)),
          hint_of('Per 1000: predictions at that rate, waiting with them, and retraining spread over them.'),
        ]
      : []),
    notes_list(straight.map(pair => break_even_sentence(pair, plan))),
    table_box(share_of_inference_rows(data.published_inference_shares, shown)),
    hint_of('Each is of another quantity, and of a company’s whole use; ours follows from the number of predictions.'),
  ];
}

function lifecycle_section({lifecycle: data}) {
  const possible = data ? data.bases.filter(basis => basis.possible) : [];
  if (possible.length === 0) return null;
  const choice = {
    predictions_per_day: data.plan.predictions_per_day,
    years: data.plan.days / days_per_year,
    life: possible[0].life,
  };
  const content = element('div', {id: 'lives'});
  const status = element('p', {role: 'status', className: 'hint'});
  const show = () => content.replaceChildren(...lifecycle_content(data, choice).filter(Boolean));
  const control = (id, label, key, most, words) =>
    number_control(id, label, choice[key], input => {
      const value = number_within(input.value, most);
      const days = (key === 'years' ? value : choice.years) * days_per_year;
      const per_day = key === 'years' ? choice.predictions_per_day : value;
      const is_enough = value !== null && per_day * days >= 1;
      input.setAttribute('aria-invalid', String(!is_enough));
      status.textContent = is_enough ? '' : `“${input.value}” isn’t ${words} with one prediction at least in all.`;
      if (!is_enough) return;
      choice[key] = value;
      show();
    }).box;
  const controls = [
    control('predictions', 'Predictions a day', 'predictions_per_day', most_predictions_per_day, 'a rate up to 1e15'),
    control('years', 'Years in use', 'years', most_years, 'a number of years up to 100'),
    select(
      'Part by part',
      possible.map(({life}) => [life, life]),
      choice.life,
      life => {
        choice.life = life;
        show();
      },
    ),
  ];
  show();
  const assumed = 'Nobody has said how often the model is asked, nor for how long: choose. ';
  const grid = `${data.country} at ${tick(data.gco2e_per_kwh)} gCO2e/kWh`;
  const where = `Evenly over the day, in ${grid}, as the run was priced.`;
  return section(
    'lifecycle',
    'Life cycle',
    element('p', {}, (data.assumed ? assumed : '') + where),
    data.network_warning ? element('p', {}, data.network_warning) : null,
    element('div', {className: 'controls', role: 'group', 'aria-label': 'use'}, ...controls, status),
    content,
    notes_list(data.notes),
  );
}
