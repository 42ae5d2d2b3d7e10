// The page: its sections in order, and what happens when the reader prices anew.

const report = JSON.parse(document.getElementById('data').textContent);
const choice = own_choice(report);
const chain = chain_panel();
const repriced = element('div', {id: 'repriced'});

const is_own = () => same_choice(choice, own_choice(report));
const view_now = () => (is_own() ? own_view(report) : chosen_view(report, choice));

const open_chain = ({iso3, name}, {heading}) =>
  chain.show(`${name}, ${heading}`, report.chains[`${iso3}|${heading}`] ?? no_chain);

// Of the run's own prices there is a table already, on top.
function show_repriced() {
  if (is_own())
    return repriced.replaceChildren(element('p', {className: 'hint'}, 'As the run was priced: the table on top.'));
  const only_by_year = 'Priced at yearly averages, each node in its row’s country, without sites of a provider.';
  repriced.replaceChildren(emissions_table(view_now(), open_chain), element('p', {className: 'hint'}, only_by_year));
}

function price_section() {
  const charts_too = () => {
    show_repriced();
    update_charts();
  };
  show_repriced();
  return section('price', 'Price it anew', controls_section(report, choice, charts_too), repriced);
}

show_page(
  [
    answer_section(report, open_chain),
    price_section(),
    grams_section(view_now),
    energy_section(view_now),
    methods_section(report),
    reductions_section(report),
    serving_section(report),
    lifecycle_section(report),
    groups_section(report),
    accuracy_section(report, own_countries(report.table)[0].name),
    holdings_section(report),
    nodes_section(report),
    time_section(report, view_now),
    published_section(report),
    assumptions_section(report),
    machine_section(report),
  ],
  `Made by Fedgram ${report.fedgram} from the run ${report.name}.`,
  chain.panel,
);
