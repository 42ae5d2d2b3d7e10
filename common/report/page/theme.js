// Light and dark. What the reader chooses beats the system; paper is light.

const system_is_dark = matchMedia('(prefers-color-scheme: dark)');
const on_paper = matchMedia('print');

// Told apart by the colour-blind and on both grounds: after Okabe and Ito, each at 3:1 or more to the ground.
const palettes = {
  light: {
    series: ['#0072b2', '#c44e00', '#00805c', '#a0478f', '#80620c', '#4b5563'],
    ink: '#1a1d21',
    muted: '#565d66',
    line: '#c6ccd3',
    ground: '#ffffff',
    stripe: 'rgba(255,255,255,0.55)',
    heat: ['#eef3f8', '#9ecae1', '#3182bd', '#08306b'],
  },
  dark: {
    series: ['#62b6ee', '#f0a04b', '#3ccf9f', '#e594cc', '#dccb52', '#aab4c0'],
    ink: '#e8eaed',
    muted: '#a9b1ba',
    line: '#3d444d',
    ground: '#15181c',
    stripe: 'rgba(0,0,0,0.5)',
    heat: ['#1c242d', '#24598a', '#5ea3d6', '#e6f2fb'],
  },
};

let chosen_theme = 'system';

function theme() {
  if (on_paper.matches) return 'light';
  return chosen_theme === 'system' ? (system_is_dark.matches ? 'dark' : 'light') : chosen_theme;
}

const palette = () => palettes[theme()];

function apply_theme() {
  document.documentElement.dataset.theme = theme();
}

// `changed` is called after each change.
function theme_switch(changed) {
  const update = () => {
    apply_theme();
    changed();
  };
  system_is_dark.addEventListener('change', update);
  on_paper.addEventListener('change', update);
  const options = [
    ['system', 'as the system'],
    ['light', 'light'],
    ['dark', 'dark'],
  ];
  return select('Colours', options, chosen_theme, value => {
    chosen_theme = value;
    update();
  });
}
