// What each group of a fleet has in the table's first country.

function group_rows({groups}) {
  const amount = ({nodes, share}) => (nodes === undefined ? percent(share) : `${nodes} nodes`);
  return groups.map(group => [
    group.group,
    group.device,
    amount(group),
    group.place,
    significant((group.device_joules + group.network_joules) / 1000),
    significant(group.gco2e),
    `${significant(group.low_gco2e)}-${significant(group.high_gco2e)}`,
    significant(group.busy_seconds),
    significant(group.waiting_seconds),
    significant(group.lost_seconds),
    significant(group.lost_joules / 1000),
    ...(group.node_mean_accuracy === undefined ? [] : [group_accuracy(group)]),
  ]);
}

function group_accuracy({node_mean_accuracy}) {
  return node_mean_accuracy === null ? 'none' : percent(node_mean_accuracy);
}

function groups_section(report) {
  const [country] = own_countries(report.table);
  const cells = report.table.cells.filter(({country: iso3, groups}) => iso3 === country.iso3 && groups);
  if (cells.length === 0) return null;
  const heads = ['group', 'device', 'amount', 'place', 'kJ', 'gCO2e', 'low-high'];
  const seconds = ['busy, s', 'waiting, s', 'lost, s', 'lost, kJ'];
  const hint = `In ${country.name}, network included. Seconds are of devices; lost is the part of busy whose update was not used.`;
  return section(
    'groups',
    'Group by group',
    ...cells.map(cell => {
      const tested = cell.groups[0].node_mean_accuracy === undefined ? [] : ['own test sets'];
      const table = text_table([cell.column, ...heads.slice(1), ...seconds, ...tested], group_rows(cell));
      return scroll_box(`Groups of ${cell.column}`, table);
    }),
    element('p', {className: 'hint'}, hint),
  );
}
