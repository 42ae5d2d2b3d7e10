// What a model takes over its life, by predictions a day and days: what common/report/lifecycle computes, with the keys
// of `fedgram lifecycle --json`.
//
// A basis is what a life rests on, whatever the number of predictions (README.md has its keys). What something takes is
// {joules, low_joules, high_joules, kwh, gco2e, ..., usd}.

const seconds_per_day = 86400;
const seconds_per_hour = 3600;
const days_per_year = 365.25;
const tenth_of_load = 0.1;

const spent_keys = [
  'joules',
  'low_joules',
  'high_joules',
  'kwh',
  'gco2e',
  'low_gco2e',
  'high_gco2e',
  'embodied_gco2e',
  'low_embodied_gco2e',
  'high_embodied_gco2e',
  'device_seconds',
  'electricity_usd',
  'rent_usd',
  'usd',
];
const spent_of = value_of => Object.fromEntries(spent_keys.map(key => [key, value_of(key)]));

// Of what isn't known of all, what is known of some.
const known_sum = (one, other) => (is_known(one) && is_known(other) ? one + other : (one ?? other));
const sum_of_spent = parts =>
  parts.reduce((all, part) => spent_of(key => known_sum(all[key], part[key])), spent_without_joules());
const times_spent = (spent, times) => spent_of(key => (is_known(spent[key]) ? spent[key] * times : null));

function spent_without_joules() {
  const may_be_unknown = key => /embodied|device|rent/.test(key);
  return spent_of(key => (may_be_unknown(key) ? null : 0));
}

function plan_by(plan, predictions_per_day, days) {
  const every = plan.retrain_every_days;
  return {
    ...plan,
    predictions_per_day,
    days,
    predictions: predictions_per_day * days,
    retrainings: is_known(every) ? Math.ceil(days / every) - 1 : 0,
  };
}

// Beyond what computing takes.
function waiting_watts({idle_w, at_tenth_w}, load) {
  const knee = at_tenth_w ?? idle_w * (1 - tenth_of_load);
  if (load < tenth_of_load) return idle_w + (knee - idle_w) * (load / tenth_of_load);
  return knee * ((1 - load) / (1 - tenth_of_load));
}

// What all predictions take by one price of one.
function answering_by(basis, price, plan) {
  const all = plan.predictions * (basis.pue ?? 1);
  const per_second = plan.predictions_per_day / seconds_per_day;
  const computing = {joules: price.busy_joules * all, seconds: price.seconds * plan.predictions};
  if (basis.on_clients) return {devices: null, load: null, computing, waiting: {joules: 0, seconds: 0}};
  const devices = Math.max(1, Math.ceil(per_second * price.seconds));
  const load = (per_second * price.seconds) / devices;
  const watts = price.waiting ? waiting_watts(price.waiting, load * price.busy_share) : 0;
  const there = devices * plan.days * seconds_per_day;
  return {
    devices,
    load,
    computing,
    waiting: {joules: watts * (devices / per_second) * all, seconds: Math.max(0, there - computing.seconds)},
  };
}

// `joules` and `seconds` have the likely value in front of those at the ends of the bands.
function spent_by_devices({basis, prices}, joules, seconds) {
  const grams = value => (value / joules_per_kilowatt_hour) * prices.gco2e_per_kwh;
  const hours = value => value / seconds_per_hour;
  const [low, high] = [Math.min(...joules), Math.max(...joules)];
  const making = basis.embodied_gco2e_per_hour;
  const made = (time, reach) => (is_known(making) ? making * hours(time) * reach : null);
  const [reach_low, reach_high] = basis.embodied_reach;
  const electricity_usd = (joules[0] / joules_per_kilowatt_hour) * prices.usd_per_kwh;
  const rent_usd = is_known(basis.rent_usd_per_hour) ? hours(seconds[0]) * basis.rent_usd_per_hour : null;
  return {
    joules: joules[0],
    low_joules: low,
    high_joules: high,
    kwh: joules[0] / joules_per_kilowatt_hour,
    gco2e: grams(joules[0]),
    low_gco2e: grams(low),
    high_gco2e: grams(high),
    embodied_gco2e: made(seconds[0], 1),
    low_embodied_gco2e: made(Math.min(...seconds), reach_low),
    high_embodied_gco2e: made(Math.max(...seconds), reach_high),
    device_seconds: seconds[0],
    electricity_usd,
    rent_usd,
    usd: rent_usd ?? electricity_usd,
  };
}

// Seven digits, as fedgram explain has them.
function seven_digits(value) {
  if (value === 0) return '0';
  const [mantissa, exponent] = scientific(value, 7).split('e');
  const power = Number(exponent);
  const short = text => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (power >= -4 && power < 7) return short(without_exponent(`${mantissa}e${power}`));
  return `${short(mantissa)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

const with_pue = ({pue}) => (is_known(pue) ? ` x PUE ${seven_digits(pue)}` : '');

function computing_formula(basis, plan) {
  const {likely, batch} = basis.request;
  const share = batch > 1 ? `, its share of a batch of ${batch}` : '';
  const one = `${seven_digits(likely.busy_joules)} J (${seven_digits(likely.seconds)} s${share})`;
  return `${one} x ${seven_digits(plan.predictions)} predictions${with_pue(basis)}`;
}

function waiting_formula(basis, plan, {devices, load, computing, waiting}) {
  const {likely} = basis.request;
  const there = `${devices} x ${seven_digits(plan.days * seconds_per_day)} s`;
  if (!basis.served) {
    const busy = `${seven_digits(computing.seconds)} s of computing`;
    return `${seven_digits(likely.waiting.idle_w)} W x (${there} - ${busy})${with_pue(basis)}`;
  }
  const seconds = (devices * seconds_per_day) / plan.predictions_per_day;
  const each = (computing.joules + waiting.joules) / (plan.predictions * (basis.pue ?? 1));
  const busy = `${seven_digits(likely.busy_joules * plan.predictions)} J of computing`;
  const mean = `${seven_digits(each / seconds)} W at a load of ${seven_digits(100 * load)} %`;
  return `(${mean} x ${there} - ${busy})${with_pue(basis)}`;
}

// What answers, apart and together: its ends are at the same figures for both.
function answering_parts(basis, plan, prices) {
  const all = [basis.request.likely, ...basis.request.ends].map(price => answering_by(basis, price, plan));
  const spent = value_of => {
    const parts = all.map(value_of);
    return spent_by_devices(
      {basis, prices},
      parts.map(part => part.joules),
      parts.map(part => part.seconds),
    );
  };
  const together = spent(({computing, waiting}) => ({
    joules: computing.joules + waiting.joules,
    seconds: computing.seconds + waiting.seconds,
  }));
  const [likely] = all;
  const parts = [
    {stage: 'computing', ...spent(each => each.computing), formula: computing_formula(basis, plan)},
    ...(basis.request.likely.waiting && !basis.on_clients
      ? [{stage: 'waiting', ...spent(each => each.waiting), formula: waiting_formula(basis, plan, likely)}]
      : []),
  ];
  const unknown_waiting = basis.request.likely.waiting || basis.on_clients ? null : spent(each => each.waiting);
  return {together, parts, unknown_waiting, devices: likely.devices, load: likely.load};
}

function retraining_part(basis, plan) {
  if (plan.retrainings === 0) return [];
  const every = `each ${seven_digits(plan.retrain_every_days)} days within ${seven_digits(plan.days)}`;
  const once = `${seven_digits(basis.retraining.joules)} J (training, evaluation and levers)`;
  const formula = `${seven_digits(plan.retrainings)} times, ${every}, x ${once}`;
  return [{stage: 'retraining', ...times_spent(basis.retraining, plan.retrainings), formula}];
}

function network_part(basis, plan) {
  if (!basis.network) return [];
  const formula = `${basis.network_formula} x ${seven_digits(plan.predictions)} predictions`;
  return [{stage: 'network', ...times_spent(basis.network, plan.predictions), formula}];
}

const stages_with_embodied = ['training', 'never used', 'retraining', 'computing', 'waiting'];

// `prices` are {gco2e_per_kwh, usd_per_kwh}.
function life_by(basis, plan, prices) {
  if (!basis.possible) return {...basis, parts: []};
  const answering = answering_parts(basis, plan, prices);
  const in_use = [...retraining_part(basis, plan), ...network_part(basis, plan)];
  const [again, network] = ['retraining', 'network'].map(stage => in_use.filter(part => part.stage === stage));
  const is_there = ({joules}) => joules > 0;
  const parts = [...basis.before, ...again, ...answering.parts, ...network].filter(is_there);
  const whole = sum_of_spent([answering.together, ...basis.before, ...in_use]);
  const is_made = parts.every(part => !stages_with_embodied.includes(part.stage) || is_known(part.embodied_gco2e));
  const has_rent = parts.every(part => !is_known(part.device_seconds) || is_known(part.rent_usd));
  return {
    ...basis,
    ...whole,
    ...(is_made ? {} : {embodied_gco2e: null, low_embodied_gco2e: null, high_embodied_gco2e: null}),
    rent_usd: has_rent ? whole.rent_usd : null,
    parts,
    unknown_waiting: answering.unknown_waiting,
    answering: answering.together,
    inference: sum_of_spent([answering.together, ...network]),
    before_use: sum_of_spent(basis.before),
    per_prediction: times_spent(sum_of_spent([answering.together, ...in_use]), 1 / plan.predictions),
    devices: answering.devices,
    load: answering.load,
    lower_bound: !basis.on_clients && !basis.request.likely.waiting,
  };
}

// Low and high of a difference of grams.
const difference = (one, other) => [one.low_gco2e - other.high_gco2e, one.high_gco2e - other.low_gco2e];
const sum_of_ends = ends =>
  ends.reduce(([low, high], [more_low, more_high]) => [low + more_low, high + more_high], [0, 0]);
const times_ends = ([low, high], times) => [low * times, high * times];

// What making one model takes beyond making the other: what both rest on cancels.
function development_difference(one, other) {
  if (one.model === other.model) return [0, 0];
  const part = (basis, stage) => basis.before.find(found => found.stage === stage) ?? spent_without_joules();
  const stages = one.column === other.column ? ['levers'] : ['training', 'evaluation', 'levers'];
  return sum_of_ends(stages.map(stage => difference(part(one, stage), part(other, stage))));
}

function answering_difference(one, other, plan, prices) {
  const ends = [one.request.ends, other.request.ends];
  if (one.device !== other.device || ends[0].length !== ends[1].length)
    return times_ends(difference(one.answering, other.answering), 1 / plan.predictions);
  const grams = (basis, price) => {
    const {computing, waiting} = answering_by(basis, price, plan);
    const each = (computing.joules + waiting.joules) * (1 / plan.predictions);
    return (each / joules_per_kilowatt_hour) * prices.gco2e_per_kwh;
  };
  const all = [one.request.likely, ...ends[0]].map(
    (price, index) => grams(one, price) - grams(other, [other.request.likely, ...ends[1]][index]),
  );
  return [Math.min(...all), Math.max(...all)];
}

function network_difference(one, other) {
  if (Boolean(one.network) === Boolean(other.network)) return [0, 0];
  const none = spent_without_joules();
  return difference(one.network ?? none, other.network ?? none);
}

// From how many predictions on one of two lives emits less than the other, with its band; null of equal ones.
function break_even_of(first, second, plan, prices) {
  const before = life => life.before_use.gco2e;
  const each = life => life.per_prediction.gco2e;
  if (before(first) === before(second) && each(first) === each(second)) return null;
  const is_first = each(first) === each(second) ? before(first) < before(second) : each(first) < each(second);
  const [greener, other] = is_first ? [first, second] : [second, first];
  const to_save = before(greener) - before(other);
  const predictions = to_save > 0 ? to_save / (each(other) - each(greener)) : null;
  const times = 1 + plan.failed_share / (1 - plan.failed_share);
  const [least_to_save, most_to_save] = times_ends(development_difference(greener, other), times);
  const [least_saved, most_saved] = sum_of_ends([
    answering_difference(other, greener, plan, prices),
    network_difference(other, greener),
    times_ends(development_difference(other, greener), plan.retrainings / plan.predictions),
  ]);
  const surely = most_to_save <= 0 && least_saved >= 0;
  return {
    greener: greener.life,
    other: other.life,
    crosswise: greener.model !== other.model && greener.place !== other.place,
    predictions,
    low_predictions: least_to_save > 0 && most_saved > 0 ? least_to_save / most_saved : 0,
    high_predictions: surely ? 0 : least_saved > 0 ? most_to_save / least_saved : null,
    days: predictions === null ? null : predictions / plan.predictions_per_day,
  };
}

// All lives, and each pair of those that are wholly known.
function lives_by(data, predictions_per_day, days) {
  const plan = plan_by(data.plan, predictions_per_day, days);
  const lives = data.bases.map(basis => life_by(basis, plan, data));
  const known_lives = lives.filter(life => life.possible && !life.lower_bound);
  const pairs = known_lives.flatMap((one, index) =>
    known_lives.slice(index + 1).map(other => break_even_of(one, other, plan, data)),
  );
  return {plan, lives, break_even: pairs.filter(Boolean)};
}
