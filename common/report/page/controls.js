// What the reader chooses: the page's table and charts are priced anew.

const pue_range = {least: 1, most: 10};

function country_by_text(pricing, text) {
  const wanted = text.trim().toLowerCase();
  return pricing.countries.find(({iso3, name}) => iso3.toLowerCase() === wanted || name.toLowerCase() === wanted);
}

// "1.67, 1.11" as numbers; nothing where one isn't a PUE.
function parsed_pues(text) {
  const parts = text.split(/[\s,;]+/).filter(part => part !== '');
  const values = [...new Set(parts.map(Number))];
  const valid = values.every(value => value >= pue_range.least && value <= pue_range.most);
  return values.length > 0 && valid ? values : null;
}

// `add` is called with a country of record.
function country_form(pricing, add, say) {
  const input = element('input', {type: 'text', id: 'country', autocomplete: 'off', placeholder: 'name or code'});
  input.setAttribute('list', 'countries');
  const names = pricing.countries.map(({name}) => element('option', {value: name}));
  const label = element('label', {htmlFor: 'country'}, 'Countries');
  const form = element('form', {className: 'control'}, label, input, element('button', {type: 'submit'}, 'Add'));
  form.append(element('datalist', {id: 'countries'}, ...names));
  form.addEventListener('submit', event => {
    event.preventDefault();
    const country = country_by_text(pricing, input.value);
    if (!country) return say(`No country of record is called “${input.value.trim()}”.`);
    input.value = '';
    add(country);
  });
  return form;
}

function country_chip({name}, remove) {
  const button = element('button', {type: 'button', 'aria-label': `Leave out ${name}`}, `${name} ×`);
  button.addEventListener('click', remove);
  return element('li', {}, button);
}

function country_control(pricing, choice, changed, say) {
  const chips = element('ul', {className: 'chips', 'aria-label': 'countries shown'});
  const add = ({iso3}) => {
    if (!choice.countries.includes(iso3)) choice.countries.push(iso3);
    changed();
  };
  const form = country_form(pricing, add, say);
  const remove = iso3 => {
    if (choice.countries.length === 1) return say('At least one country stays.');
    choice.countries = choice.countries.filter(other => other !== iso3);
    changed();
    form.querySelector('input').focus(); // the button that had the focus is gone
  };
  const chip = iso3 =>
    country_chip(
      pricing.countries.find(country => country.iso3 === iso3),
      () => remove(iso3),
    );
  const show = () => chips.replaceChildren(...choice.countries.map(chip));
  return {box: element('div', {className: 'wide'}, form, chips), show};
}

function pue_control(choice, changed, say) {
  const input = element('input', {type: 'text', id: 'pue', inputMode: 'decimal', size: 12});
  input.addEventListener('change', () => {
    const values = parsed_pues(input.value);
    input.setAttribute('aria-invalid', String(!values));
    if (!values) return say(`“${input.value}” isn't a list of PUEs from ${pue_range.least} to ${pue_range.most}.`);
    choice.pue = values;
    changed();
  });
  const show = () => {
    input.value = choice.pue.join(', ');
  };
  return {box: element('label', {className: 'control'}, element('span', {}, 'PUE, one or several'), input), show};
}

function device_control(pricing, choice, changed, say) {
  const boxes = pricing.datacenter_devices.map(({id, name}) => {
    const box = element('input', {type: 'checkbox', value: id});
    box.addEventListener('change', () => {
      const chosen = boxes.filter(other => other.box.checked).map(other => other.box.value);
      if (chosen.length === 0) {
        box.checked = true;
        return say('At least one data-centre device stays.');
      }
      choice.datacenter_devices = chosen;
      changed();
    });
    return {box, label: element('label', {title: name}, box, ` ${id}`)};
  });
  const show = () =>
    boxes.forEach(({box}) => {
      box.checked = choice.datacenter_devices.includes(box.value);
    });
  const group = element(
    'fieldset',
    {className: 'control wide'},
    element('legend', {}, 'Data-centre devices'),
    ...boxes.map(({label}) => label),
  );
  return {box: group, show};
}

function choice_control(label, options, choice, key, changed) {
  const box = select(label, options, choice[key], value => {
    choice[key] = value;
    changed();
  });
  return {
    box,
    show: () => {
      box.querySelector('select').value = choice[key];
    },
  };
}

const network_methods = [
  ['router', 'router’s watts × time'],
  ['kwh_per_gb', 'kWh per GB'],
];

// `changed` is called after each change of `choice`, which is changed in place.
function controls_section(report, choice, changed) {
  const {pricing} = report;
  const status = element('p', {role: 'status', className: 'hint'});
  const say = text => {
    status.textContent = text;
  };
  const update = () => {
    say('');
    controls.forEach(control => control.show());
    changed();
  };
  const device_options = pricing.edge_devices.map(({id, name}) => [id, `${id}: ${name}`]);
  const controls = [
    country_control(pricing, choice, update, say),
    pue_control(choice, update, say),
    choice_control('Edge device', device_options, choice, 'edge_device', update),
    choice_control('Network', network_methods, choice, 'network', update),
    device_control(pricing, choice, update, say),
  ];
  controls.forEach(control => control.show());
  const reset = element('button', {type: 'button'}, 'Back to the run’s own');
  reset.addEventListener('click', () => {
    Object.assign(choice, own_choice(report));
    update();
  });
  return element(
    'div',
    {className: 'controls', role: 'group', 'aria-label': 'prices'},
    ...controls.map(control => control.box),
    reset,
    status,
  );
}
