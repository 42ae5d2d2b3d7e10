// Means over a sweep's runs, as texts.

const measures = [
  {key: 'gco2e', name: 'grams to the target', unit: ' g', of_reached: true},
  {key: 'best_test_accuracy', get name() { return `best ${accuracy_name()}`; }, unit: '', of_reached: false},
  {key: 'rounds', name: 'rounds to the target', unit: '', of_reached: true},
  {key: 'virtual_seconds', name: 'virtual time to the target', unit: ' s', of_reached: true},
];

// Of accuracies in percent.
const measure_text = ({key, unit}, value) =>
  key === 'best_test_accuracy' ? percent(value) : `${significant(value)}${unit}`;

// "0.0922 ± 0.0434 g"; "not reached" where no run has such a value.
function measure_mean({key, unit}, means) {
  const of = means[key];
  if (!of) return 'not reached';
  if (key !== 'best_test_accuracy') return `${mean_text(of.mean, of.deviation)}${unit}`;
  return `${percent(of.mean)}${known(of.deviation, deviation => ` ± ${significant(100 * deviation, 2)}`).replace('-', '')}`;
}

const runs_text = ({reached, runs}) => (reached < runs ? `${reached} of ${plural(runs, 'run')}` : plural(runs, 'run'));
