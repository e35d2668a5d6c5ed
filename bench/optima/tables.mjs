/**
 * The real tables of the bench, and the models that are fitted to each. Only rows whose columns are all finite numbers are used.
 * A column named `log x` is the logarithm of column x.
 */

import { readFileSync } from 'node:fs';
import Papa from 'papaparse';

function readCsv(url) {
  return Papa.parse(readFileSync(url, 'utf8').trim(), { header: true }).data;
}

const bundled = (file, source) => ({
  source,
  read: () => readCsv(new URL(`data/${file}.csv`, import.meta.url)),
});

function vega(file) {
  const url = new URL(`../../node_modules/vega-datasets/data/${file}`, import.meta.url);
  const read = () => (file.endsWith('.json') ? JSON.parse(readFileSync(url, 'utf8')) : readCsv(url));
  return { source: `vega-datasets, ${file}`, read };
}

/** The same source, its rows computed from the whole file. */
const derived = ({ source, read }, derive) => ({ source, read: () => derive(read()) });

const EARTHQUAKES = derived(vega('earthquakes.json'), ({ features }) =>
  features.map(({ geometry, properties }) => {
    const [longitude, latitude, depth] = geometry.coordinates;
    return { longitude, latitude, depth, mag: properties.mag };
  }),
);

/** The rain of a year over a grid of the earth. */
const RAIN = derived(vega('annual-precip.json'), ({ width, values }) =>
  values.map((rain, i) => ({ y: Math.floor(i / width), rain })),
);

/** A day of the stock market: the change and the range of prices in percent, and the change of the volume. */
const DAYS = derived(vega('sp500-2000.csv'), (days) =>
  days.slice(1).map(({ close, high, low, volume }, i) => ({
    change: 100 * Math.log(close / days[i].close),
    range: 100 * Math.log(high / low),
    volume: Math.log(volume / days[i].volume),
  })),
);

/** A value of a row as a number; NaN if the cell is empty or no number. */
function readNumber(row, column) {
  if (column.startsWith('log ')) return Math.log(readNumber(row, column.slice(4)));
  const value = row[column];
  return value === null || value === undefined || value === '' ? Number.NaN : Number(value);
}

/** @returns the complete rows of a table, one array of numbers each */
export function readTable({ read, columns }) {
  return read()
    .map((row) => columns.map((column) => readNumber(row, column)))
    .filter((row) => row.every(Number.isFinite));
}

/** @param models - such as `full 3, diag 5` */
function table(group, name, { source, read }, columns, models, part = '') {
  return models.split(', ').map((model) => {
    const [covarianceType, k] = model.split(' ');
    const problem = [name, part, covarianceType, k].filter(Boolean).join('-');
    return {
      name: problem,
      table: name,
      group,
      source,
      read,
      columns,
      covarianceType,
      nComponents: Number(k),
    };
  });
}

const textbook = (...rest) => table('textbook', ...rest);
const fromR = (name, columns, models, part) =>
  table('R', name, bundled(name, `R's datasets, ${name}`), columns, models, part);
const other = (name, file, columns, models, part) => table('table', name, vega(file), columns, models, part);

const IRIS = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];
const WINE =
  'alcohol malic_acid ash alcalinity_of_ash magnesium total_phenols flavanoids nonflavanoid_phenols proanthocyanins color_intensity hue od280_od315_of_diluted_wines proline'.split(
    ' ',
  );
const CELL =
  'radius texture perimeter area smoothness compactness concavity concave_points symmetry fractal_dimension'.split(
    ' ',
  );
const WDBC = ['mean', 'error', 'worst'].flatMap((kind) =>
  CELL.map((name) => (kind === 'error' ? `${name}_error` : `${kind}_${name}`)),
);
const PENGUIN = ['Beak Length (mm)', 'Beak Depth (mm)', 'Flipper Length (mm)', 'Body Mass (g)'];
const DIABETES = ['age', 'bmi', 'bp', 's1', 's2', 's3', 's5', 's6'];
const PCS = Array.from({ length: 16 }, (_, i) => `pc${i + 1}`);
const JOBS = ['construction', 'manufacturing', 'retail_trade', 'information', 'government'];

const TEXTBOOK = [
  textbook(
    'iris',
    bundled('../../../data/iris', 'Fisher (1936)'),
    IRIS,
    'full 3, tied 4, diag 5, spherical 6',
  ),
  textbook(
    'faithful',
    bundled('../../../data/faithful', 'Azzalini & Bowman (1990)'),
    ['eruptions', 'waiting'],
    'full 3, diag 4, tied 7',
  ),
  textbook('wine', bundled('wine', 'scikit-learn'), WINE, 'full 3, tied 4, diag 3, spherical 8'),
  textbook(
    'wdbc',
    bundled('wdbc', 'scikit-learn'),
    CELL.map((name) => `mean_${name}`),
    'full 3, full 4, diag 6',
    'means',
  ),
  textbook('wdbc', bundled('wdbc', 'scikit-learn'), WDBC, 'full 2, tied 5, diag 10', 'all'),
  textbook('diabetes', bundled('diabetes', 'scikit-learn'), DIABETES, 'full 3, tied 6, diag 5'),
  textbook('penguins', vega('penguins.json'), PENGUIN, 'full 3, full 5, diag 6, spherical 10'),
  textbook('galaxies', bundled('galaxies', 'Roeder (1990)'), ['velocity'], 'full 4, tied 6'),
  textbook('digits', bundled('digits', 'scikit-learn'), PCS.slice(0, 2), 'full 10, spherical 12', '2'),
  textbook('digits', bundled('digits', 'scikit-learn'), PCS.slice(0, 8), 'full 7, diag 10', '8'),
  textbook('digits', bundled('digits', 'scikit-learn'), PCS, 'full 5, tied 20', '16'),
  textbook(
    'linnerud',
    bundled('linnerud', 'scikit-learn'),
    ['Chins', 'Situps', 'Weight', 'Pulse'],
    'full 2, tied 2',
  ),
];

const R = [
  fromR('quakes', ['lat', 'long', 'depth'], 'full 4, full 8, diag 10'),
  fromR('swiss', ['Fertility', 'Agriculture', 'Examination', 'Catholic'], 'full 2, diag 3'),
  fromR('trees', ['Girth', 'Height', 'Volume'], 'full 2'),
  fromR('airquality', ['log Ozone', 'Solar.R', 'Wind', 'Temp'], 'diag 5'),
  fromR('attitude', ['rating', 'complaints', 'learning', 'advance'], 'tied 2'),
  fromR('mtcars', ['mpg', 'disp', 'hp', 'wt', 'qsec'], 'tied 3'),
  fromR('USArrests', ['Murder', 'Assault', 'UrbanPop', 'Rape'], 'diag 4'),
  fromR('rock', ['area', 'peri', 'shape'], 'tied 4'),
  fromR('stackloss', ['Air.Flow', 'Water.Temp', 'stack.loss'], 'spherical 2'),
  fromR('morley', ['Speed'], 'full 3'),
  fromR('rivers', ['log rivers'], 'full 3'),
  fromR('volcano', ['height'], 'full 6', 'height'),
  fromR('volcano', ['x', 'y', 'height'], 'full 8, full 16', 'surface'),
  fromR('chickwts', ['weight'], 'tied 2'),
  fromR('LifeCycleSavings', ['sr', 'pop15', 'dpi', 'ddpi'], 'diag 3'),
  fromR('infert', ['age', 'stratum', 'pooled.stratum'], 'full 3, tied 6'),
  fromR('beavers', ['time', 'temp'], 'full 4, spherical 5'),
  fromR('eurostocks', ['DAX', 'SMI', 'CAC', 'FTSE'], 'full 6, diag 4'),
  fromR('seatbelts', ['drivers', 'front', 'rear', 'kms', 'PetrolPrice'], 'full 2, diag 7'),
  fromR('state', ['Income', 'Illiteracy', 'Life Exp', 'Murder', 'HS Grad', 'Frost'], 'diag 3'),
  fromR('ChickWeight', ['log weight', 'Time'], 'full 5'),
  fromR('crimtab', ['finger', 'height'], 'full 4, tied 5'),
  fromR('treering', ['treering'], 'full 5'),
  fromR('lynx', ['log now', 'log after'], 'full 4'),
  fromR('bjsales', ['sales', 'lead'], 'full 4, diag 9'),
  fromR('freeny', ['lag.quarterly.revenue', 'price.index', 'market.potential'], 'tied 5'),
  fromR('USJudgeRatings', ['CONT', 'INTG', 'DILG', 'PHYS', 'RTEN'], 'tied 2'),
  fromR('attenu', ['mag', 'log dist', 'log accel'], 'full 3, tied 5'),
  fromR('randu', ['x', 'y', 'z'], 'full 5'),
  fromR('co2', ['co2'], 'full 5'),
  fromR('LakeHuron', ['LakeHuron'], 'full 2'),
  fromR('Theoph', ['Time', 'conc'], 'full 4'),
];

const OTHER = [
  other('zipcodes', 'zipcodes.csv', ['longitude', 'latitude'], 'full 5, full 10, full 15'),
  other('flights', 'flights-200k.json', ['delay', 'distance', 'time'], 'full 3, full 6', '200k'),
  other('flights', 'flights-20k.json', ['delay', 'distance'], 'full 5', '20k'),
  other('flights', 'flights-2k.json', ['delay', 'distance'], 'diag 8', '2k'),
  other('weather', 'weather.csv', ['temp_max', 'temp_min', 'wind'], 'full 3, diag 7'),
  other('normals', 'seattle-weather-hourly-normals.csv', ['pressure', 'temperature', 'wind'], 'tied 12'),
  other(
    'autos',
    'cars.json',
    ['Miles_per_Gallon', 'Horsepower', 'Weight_in_lbs', 'Acceleration'],
    'full 4, diag 8',
  ),
  other(
    'movies',
    'movies.json',
    ['Rotten Tomatoes Rating', 'IMDB Rating', 'log IMDB Votes'],
    'full 4, diag 7',
  ),
  other('gapminder', 'gapminder.json', ['fertility', 'life_expect', 'log pop'], 'full 5, tied 9'),
  other('airports', 'airports.csv', ['longitude', 'latitude'], 'full 12'),
  table('table', 'sp500', DAYS, ['change', 'range', 'volume'], 'full 4, diag 7', 'day'),
  other('stocks', 'stocks.csv', ['log price'], 'full 6'),
  table('table', 'earthquakes', EARTHQUAKES, ['longitude', 'latitude'], 'full 7, full 12', 'map'),
  table('table', 'earthquakes', EARTHQUAKES, ['longitude', 'latitude', 'depth', 'mag'], 'tied 15'),
  table('table', 'rain', RAIN, ['y', 'log rain'], 'full 6'),
  other('windvectors', 'windvectors.csv', ['dir', 'speed'], 'full 5, full 10'),
  other('normal-2d', 'normal-2d.json', ['u', 'v'], 'full 3'),
  other('uniform-2d', 'uniform-2d.json', ['u', 'v'], 'spherical 9'),
  other('industries', 'unemployment-across-industries.json', ['log count', 'rate'], 'full 5, full 14'),
  other('riots', 'la-riots.csv', ['longitude', 'latitude', 'age'], 'diag 3'),
  other('disasters', 'disasters.csv', ['Year', 'log Deaths'], 'full 6'),
  other('countries', 'countries.json', ['fertility', 'life_expect'], 'full 4, tied 10'),
  other('terrain', 'platformer-terrain.json', ['x', 'y', 'lumosity'], 'full 9'),
  other('jobs', 'jobs.json', ['log count', 'log perc'], 'full 8'),
  other('employment', 'us-employment.csv', JOBS, 'tied 3, diag 5'),
  other('wheat', 'wheat.json', ['wheat', 'wages'], 'tied 3'),
];

export const TABLES = [TEXTBOOK, R, OTHER].flat(2);
