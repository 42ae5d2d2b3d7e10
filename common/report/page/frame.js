// What stands around a page's sections: links to them, the choice of colours, the origin.

function contents(sections) {
  const links = sections
    .slice(1)
    .map(part => element('li', {}, element('a', {href: `#${part.id}`}, part.querySelector('h2').textContent)));
  return element('nav', {'aria-label': 'sections'}, element('ul', {}, ...links));
}

// Nothing stands for a section that is left out. `more` stands behind them all.
function show_page(all, origin, ...more) {
  apply_theme();
  const sections = all.filter(Boolean);
  document.querySelector('header').append(contents(sections), theme_switch(update_charts));
  document.querySelector('main').append(...sections, ...more);
  document.querySelector('footer').append(origin);
  on_paper.addEventListener('change', draw_all_charts);
  addEventListener('beforeprint', draw_all_charts);
}
